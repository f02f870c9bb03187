// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/http_secrets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::plugin_host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(HttpSecrets, AreFoundInValuesAndPutThere) {
  const std::string headers = "A: {secret:ONE}, {secret:TWO}\n\nB: plain {x}\nC: {secret:ONE}";
  EXPECT_THAT(secrets_in_headers(headers).value(), ElementsAre("ONE", "TWO", "ONE"));
  EXPECT_EQ(put_secrets(headers, {{"ONE", "1"}, {"TWO", "2"}}).value(),
            "A: 1, 2\n\nB: plain {x}\nC: 1");
}

TEST(HttpSecrets, StandInNoNameOfAHeader) {
  for (const char* line :
       {"{secret:NOPE}: x", "{secret:NOPE: x", "A{secret:NOPE}", "X-{secret:N}:"}) {
    const auto names =
        secrets_in_headers(std::string(line) + "\nAuthorization: {secret:ALLOWED}\n");
    ASSERT_FALSE(names) << line;
    EXPECT_THAT(names.error().message(), HasSubstr("a secret stands in its value")) << line;
  }
  EXPECT_FALSE(secrets_in_headers("A: {secret:NOPE\nB: }"));
}

TEST(HttpSecrets, ArePutNowhereUnlessTheyWereLookedUp) {
  const std::string stranger = "{secret:NOPE}: x\nAuthorization: {secret:ALLOWED}\n";
  for (const std::string& headers : {stranger, std::string("A: {secret:ALLOWED")}) {
    const auto put = put_secrets(headers, {{"ALLOWED", "value"}});
    ASSERT_FALSE(put) << headers;
    EXPECT_EQ(put.error().code(), Errc::UserFault);
  }
}

TEST(HttpSecrets, FitOneLineOfBoundedHeaders) {
  EXPECT_FALSE(put_secrets("A: {secret:K}", {{"K", "1\r\nB: 2"}}));
  const std::string many = "A: {secret:K}{secret:K}{secret:K}";
  EXPECT_FALSE(put_secrets(many, {{"K", std::string(100 << 10, 'x')}}));
}

}  // namespace
}  // namespace ostler::plugin_host
