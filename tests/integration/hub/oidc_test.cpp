// SPDX-License-Identifier: Apache-2.0
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sys/stat.h>

#include <chrono>
#include <memory>

#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::HttpAnswer;

std::string from_base64_url(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  const std::size_t padding = (4 - text.size() % 4) % 4;
  text.append(padding, '=');
  std::string bytes(text.size() / 4 * 3, '\0');
  EXPECT_GE(EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                            reinterpret_cast<const unsigned char*>(text.data()),
                            static_cast<int>(text.size())),
            0);
  bytes.resize(bytes.size() - padding);
  return bytes;
}

BIGNUM* number(const json& key, const char* name) {
  const std::string bytes = from_base64_url(key[name]);
  return BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                   static_cast<int>(bytes.size()), nullptr);
}

/// Whether `signature` of `message` was made by the private half of a key of the key set.
bool verifies(const json& key, const std::string& message, const std::string& signature) {
  OSSL_PARAM_BLD* build = OSSL_PARAM_BLD_new();
  BIGNUM* modulus = number(key, "n");
  BIGNUM* exponent = number(key, "e");
  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, modulus);
  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent);
  OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(build);
  EVP_PKEY_CTX* maker = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
  EVP_PKEY* made = nullptr;
  EVP_PKEY_fromdata_init(maker);
  EVP_PKEY_fromdata(maker, &made, EVP_PKEY_PUBLIC_KEY, parameters);
  EVP_MD_CTX* digest = EVP_MD_CTX_new();
  const bool good =
      made != nullptr && EVP_DigestVerifyInit(digest, nullptr, EVP_sha256(), nullptr, made) == 1 &&
      EVP_DigestVerify(digest, reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(message.data()),
                       message.size()) == 1;
  EVP_MD_CTX_free(digest);
  EVP_PKEY_free(made);
  EVP_PKEY_CTX_free(maker);
  OSSL_PARAM_free(parameters);
  OSSL_PARAM_BLD_free(build);
  BN_free(modulus);
  BN_free(exponent);
  return good;
}

struct Token {
  std::string signed_part;
  std::string signature;
  json header;
  json claims;

  explicit Token(const std::string& text) {
    const auto first = text.find('.');
    const auto last = text.rfind('.');
    signed_part = text.substr(0, last);
    signature = from_base64_url(text.substr(last + 1));
    header = json::parse(from_base64_url(text.substr(0, first)));
    claims = json::parse(from_base64_url(text.substr(first + 1, last - first - 1)));
  }
};

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class HubOidc : public HubTest {
 protected:
  void SetUp() override {
    job_ = make_job("    key: deploy\n");
    ASSERT_EQ(agent_.ping(10), job_);
    agent_.accept(job_);
    agent_.start(job_);
  }
  HttpAnswer request(const json& body = json::object()) {
    return agent_.job_call("POST", "jobs/" + job_ + "/oidc/tokens", body);
  }
  Token token(const json& body = json::object()) {
    const HttpAnswer answer = request(body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return Token(answer.json()["token"]);
  }
  json get(const std::string& url) {
    const HttpAnswer answer = support::http_call({"GET", url, {}, ""});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return answer.json();
  }

  ScriptedAgent agent_{hub_, json::array({"os=linux", "plain"})};
  std::string job_;
};

TEST_F(HubOidc, TokensAreCheckedWithTheKeysThatTheHubShows) {
  const Token given = token();
  const json issuer = get(hub_.url() + "/.well-known/openid-configuration");
  EXPECT_EQ(issuer["issuer"], hub_.url());
  EXPECT_EQ(given.claims["iss"], hub_.url());
  const json keys = get(issuer["jwks_uri"])["keys"];
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_EQ(keys[0]["kid"], given.header["kid"]);
  EXPECT_EQ(given.header["alg"], "RS256");
  EXPECT_TRUE(verifies(keys[0], given.signed_part, given.signature));
  EXPECT_FALSE(verifies(keys[0], given.signed_part + "x", given.signature));
  EXPECT_FALSE(keys[0].contains("d")) << "the private key";
}

TEST_F(HubOidc, TokensSayWhatTheJobIs) {
  const json claims = token().claims;
  EXPECT_EQ(claims["sub"],
            "organization:ostler:pipeline:app:ref:refs/heads/main:commit:HEAD:step:"
            "deploy");
  EXPECT_EQ(claims["aud"], hub_.url() + "/ostler");
  EXPECT_EQ(claims["organization_slug"], "ostler");
  EXPECT_EQ(claims["pipeline_slug"], "app");
  EXPECT_EQ(claims["build_number"], 1);
  EXPECT_EQ(claims["build_branch"], "main");
  EXPECT_EQ(claims["build_source"], "api");
  EXPECT_EQ(claims["step_key"], "deploy");
  EXPECT_EQ(claims["job_id"], job_);
  EXPECT_EQ(claims["agent_id"], agent_.registration()["id"]);
  EXPECT_EQ(claims["runner_environment"], "self-hosted");
  EXPECT_FALSE(claims.contains("build_tag"));
  EXPECT_FALSE(claims.contains("cluster_id")) << "only when it is asked for";
  EXPECT_LE(std::abs(claims["iat"].get<std::int64_t>() - now()), 10);
  EXPECT_EQ(claims["nbf"], claims["iat"]);
  EXPECT_EQ(claims["exp"].get<std::int64_t>() - claims["iat"].get<std::int64_t>(), 300);
}

TEST_F(HubOidc, TokensSayWhatIsAskedFor) {
  const json claims = token({{"audience", "sts.example"},
                             {"lifetime", 60},
                             {"claims", {"cluster_name", "queue_key", "agent_tag:os"}},
                             {"aws_session_tags", {"pipeline_slug", "agent_tag:os"}},
                             {"subject_claim", "job_id"}})
                          .claims;
  EXPECT_EQ(claims["aud"], "sts.example");
  EXPECT_EQ(claims["sub"], job_);
  EXPECT_EQ(claims["cluster_name"], "Default");
  EXPECT_EQ(claims["queue_key"], "default");
  EXPECT_EQ(claims["agent_tag:os"], "linux");
  EXPECT_EQ(claims["exp"].get<std::int64_t>() - claims["iat"].get<std::int64_t>(), 60);
  EXPECT_EQ(claims["https://aws.amazon.com/tags"]["principal_tags"],
            (json{{"pipeline_slug", {"app"}}, {"agent_tag:os", {"linux"}}}));
}

TEST_F(HubOidc, WhatCannotBeSaidIsRefused) {
  EXPECT_EQ(request({{"claims", {"shoe_size"}}}).status, 422);
  EXPECT_EQ(request({{"subject_claim", "shoe_size"}}).status, 422);
  for (const char* of_others : {"step_key", "build_branch", "build_commit", "agent_tag:os"}) {
    EXPECT_EQ(request({{"subject_claim", of_others}}).status, 422) << of_others;
  }
  EXPECT_EQ(request({{"aws_session_tags", {"build_tag"}}}).status, 422);
  EXPECT_EQ(request({{"lifetime", 1'000'000}}).status, 422);
  EXPECT_EQ(request({{"lifetime", -1}}).status, 400);
  EXPECT_EQ(request({{"claims", "organization_id"}}).status, 400);
}

TEST_F(HubOidc, ABranchCannotPassForMoreThanABranch) {
  const auto answer = hub_.rest(
      "POST", "/organizations/ostler/pipelines/app/builds",
      {{"commit", "HEAD"}, {"branch", "main:commit:HEAD:step:deploy"}, {"message", "a test"}});
  ASSERT_EQ(answer.status, 201) << answer.body;
  agent_.finish(job_);
  job_ = answer.json()["jobs"][0]["id"];
  ASSERT_EQ(agent_.ping(10), job_);
  agent_.accept(job_);
  EXPECT_EQ(request().status, 422);
  EXPECT_EQ(request({{"subject_claim", "pipeline_slug"}}).status, 200);
}

TEST_F(HubOidc, OnlyARunningJobOfTheAgentGetsATokenAndTheKeyStays) {
  const json keys = get(hub_.url() + "/.well-known/jwks");
  struct stat file{};
  ASSERT_EQ(::stat((hub_.data() / "oidc-key.pem").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777u, 0600u);
  hub_.kill();
  hub_.start_again();
  EXPECT_EQ(get(hub_.url() + "/.well-known/jwks"), keys);
  const ScriptedAgent other(hub_);
  EXPECT_EQ(other.call("POST", "jobs/" + job_ + "/oidc/tokens", json::object()).status, 404);
  agent_.finish(job_);
  EXPECT_EQ(request().status, 401);
  EXPECT_EQ(agent_.call("POST", "jobs/" + job_ + "/oidc/tokens", json::object()).status, 422);
  EXPECT_EQ(support::http_call({"GET", hub_.url() + "/.well-known/other", {}, ""}).status, 404);
}

}  // namespace
}  // namespace ostler
