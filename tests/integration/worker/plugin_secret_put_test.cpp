// SPDX-License-Identifier: Apache-2.0
// Secrets that step plugins set: real keepers, workers and boxes, a server of the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/worker/plugin_jobs.hpp"

namespace ostler::worker {
namespace {

using supervise::ApiReply;
using supervise::ApiRequest;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class PluginSecretPut : public PluginJobs {
 protected:
  PluginSecretPut() {
    permit(R"({"services": ["meta-data"], "secrets_put": ["TOKEN", {"config": "/do"}]})");
  }

  FinishedJob run_calls(const std::string& script, const std::string& server = "secret-put",
                        const std::string& policy = "other,zoo") {
    auto driven = calls(script);
    driven->env()["OSTLER_SERVER_SERVICES"] = server;
    driven->env()["OSTLER_PLUGIN_SECRETS_PUT"] = policy;
    driven->answer_with([this](const ApiRequest& request) {
      if (request.path.ends_with("/ostler/secrets")) {
        puts_.push_back(wire::decode_secret_put(request.body).value());
        return ApiReply{.status = put_status_, .body = R"({"message":"why"})"};
      }
      others_ += request.body;
      return ApiReply{.status = 200};
    });
    return driven->finish();
  }
  std::string said_by(const std::string& script, const std::string& server = "secret-put") {
    return told_in(run_calls(script, server));
  }

  std::uint16_t put_status_ = 204;
  std::vector<wire::SecretPut> puts_;
  std::string others_;  ///< all else that the server was told
};

TEST_F(PluginSecretPut, ReachTheServerAndNoLog) {
  const FinishedJob job =
      run_calls(R"(ostler.secret/1/put|TOKEN|a-new-value\nostler.secret/1/put|call|another-value\n)"
                R"(ostler.meta-data/1/set|k|is a-new-value)");
  EXPECT_EQ(told_in(job), "0 ; 0 ; 0 ");
  ASSERT_THAT(puts_, SizeIs(2));
  EXPECT_EQ(puts_[0].key, "TOKEN");
  EXPECT_EQ(puts_[0].value.reveal(), "a-new-value");
  EXPECT_EQ(puts_[0].plugin, "zoo#1.0.0");
  EXPECT_EQ(puts_[1].key, "call") << "as the configuration names it";
  EXPECT_NE(puts_[0].request, puts_[1].request);
  EXPECT_THAT(job.text, HasSubstr("may set the secrets TOKEN, call"));
  EXPECT_THAT(job.text, Not(HasSubstr("a-new-value")));
  EXPECT_THAT(others_, HasSubstr("is [REDACTED]"));
  EXPECT_THAT(others_, Not(HasSubstr("a-new-value")));
}

TEST_F(PluginSecretPut, AreRefusedBeforeTheServerHearsOfThem) {
  EXPECT_THAT(said_by("ostler.secret/1/put|OTHER|a-new-value"),
              HasSubstr("4 plugin.json does not ask to set the secret OTHER"));
  EXPECT_THAT(said_by("ostler.secret/1/put|TOKEN|short"), HasSubstr("7 a text of less than 6"));
  EXPECT_THAT(said_by("ostler.secret/1/put|TOKEN|#6554#ten bytes."), HasSubstr("at most 64 KiB"));
  EXPECT_THAT(said_by("ostler.secret/1/put|TOKEN"), HasSubstr("takes 2 arguments, not 1"));
  EXPECT_THAT(said_by("ostler.secret/1/put|TOKEN|a-new-value", "state,lock"),
              HasSubstr("6 the server of this job takes no secrets from plugins"));
  EXPECT_THAT(said_by("ostler.secret/1/get|TOKEN"), HasSubstr("4 plugin.json does not ask for"));
  EXPECT_THAT(puts_, SizeIs(0));
}

TEST_F(PluginSecretPut, TellTheServersRefusals) {
  constexpr std::pair<int, const char*> kRefusals[] = {
      {403, "4 "}, {404, "6 "}, {413, "8 "}, {422, "6 "}};
  for (const auto& [status, said] : kRefusals) {
    put_status_ = static_cast<std::uint16_t>(status);
    EXPECT_EQ(said_by("ostler.secret/1/put|TOKEN|a-new-value"),
              said + std::string("ostler/secrets: the server answered ") + std::to_string(status) +
                  " (why)");
  }
}

TEST_F(PluginSecretPut, NeedTheOperatorsWord) {
  for (const char* policy : {"", "other"}) {
    EXPECT_THAT(run_calls("ostler.secret/1/put|TOKEN|a-new-value", "secret-put", policy).text,
                HasSubstr("list zoo in plugin-secrets-put"));
  }
  EXPECT_THAT(puts_, SizeIs(0));
}

}  // namespace
}  // namespace ostler::worker
