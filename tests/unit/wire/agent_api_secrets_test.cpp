// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_secrets.hpp"

#include <gtest/gtest.h>

namespace ostler::wire {
namespace {

TEST(AgentApiSecrets, ComeBackAsTheyWereSent) {
  const auto secret = decode_job_secret(encode(JobSecret{"KEY", Secret("va\"lue"), "u-1"}));
  ASSERT_TRUE(secret) << secret.error().message();
  EXPECT_EQ(secret.value().key, "KEY");
  EXPECT_EQ(secret.value().value.reveal(), "va\"lue");
  EXPECT_EQ(secret.value().uuid, "u-1");
  for (const std::string_view bad : {"", "[]", "{}", R"({"value":1})"}) {
    EXPECT_FALSE(decode_job_secret(bad)) << bad;
  }
}

TEST(AgentApiSecrets, ATokenRequestLeavesOutWhatIsNotAskedFor) {
  EXPECT_EQ(encode(OidcTokenRequest{}), "{}");
  const OidcTokenRequest request{"sts", 60, {"a", "b"}, {"t"}, "job_id"};
  const auto read = decode_oidc_token_request(encode(request));
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read.value().audience, "sts");
  EXPECT_EQ(read.value().lifetime, 60);
  EXPECT_EQ(read.value().claims, request.claims);
  EXPECT_EQ(read.value().aws_session_tags, request.aws_session_tags);
  EXPECT_EQ(read.value().subject_claim, "job_id");
  EXPECT_TRUE(decode_oidc_token_request(""));
  for (const std::string_view bad :
       {"x", R"({"lifetime":-1})", R"({"claims":"a"})", R"({"audience":["a"]})"}) {
    EXPECT_FALSE(decode_oidc_token_request(bad)) << bad;
  }
}

TEST(AgentApiSecrets, AnAnswerWithoutATokenIsNone) {
  EXPECT_EQ(decode_token(encode_token(Secret("a.b.c"))).value().reveal(), "a.b.c");
  EXPECT_FALSE(decode_token("{}"));
  EXPECT_FALSE(decode_token(R"({"token":""})"));
}

TEST(RepositoryTokens, AreAskedForByUrlOrWithoutABody) {
  const auto asked = encode_repository_token_request("https://host/path");
  EXPECT_EQ(asked, R"({"repo_url":"https://host/path"})");
  EXPECT_EQ(decode_repository_token_request(asked).value(), "https://host/path");
  EXPECT_EQ(decode_repository_token_request("").value(), "") << "agents send the body once";
  EXPECT_FALSE(decode_repository_token_request(R"({"repo_url":1})"));
}

}  // namespace
}  // namespace ostler::wire
