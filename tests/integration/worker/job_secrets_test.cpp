// SPDX-License-Identifier: Apache-2.0
// A step's secrets, as its job gets them. Source: reference/job-lifecycle.md 5.1.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "integration/worker/driven_job.hpp"
#include "wire/agent_api_secrets.hpp"

namespace ostler::worker {
namespace {

using supervise::ApiReply;
using supervise::ApiRequest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class JobSecrets : public testing::Test {
 protected:
  FinishedJob run(const std::string& command, const std::string& config,
                  const DrivenJob::Variables& more = {}) {
    DrivenJob driven(command, more);
    driven.env()["BUILDKITE_SECRETS_CONFIG"] = config;
    driven.answer_with([this](const ApiRequest& request) { return answer(request); });
    return driven.finish();
  }

  std::vector<std::string> asked_;
  int busy_ = 0;  ///< so many calls are answered 503 first

 private:
  ApiReply answer(const ApiRequest& request) {
    asked_.push_back(request.method + " " + request.path.substr(request.path.rfind('/') + 1));
    if (busy_-- > 0) return {.status = 503};
    const auto secret = [](const char* key, const char* value) {
      return ApiReply{.status = 200,
                      .body = wire::encode(wire::JobSecret{key, Secret(value), "u"})};
    };
    if (request.path.ends_with("?key=one")) return secret("one", "first-value");
    if (request.path.ends_with("?key=two")) return secret("two", "true");
    return {.status = 404, .body = R"({"message":"the cluster has no such secret"})"};
  }
};

TEST_F(JobSecrets, AreInTheEnvironmentAndNotInTheLog) {
  const FinishedJob job = run(
      "test \"$ONE\" = first-value && echo \"one is $ONE\" && test \"$TWO\" = true && echo "
      "\"<$TWO>\"",
      R"([{"key":"one","environment_variable":"ONE"},{"key":"two","environment_variable":"TWO"}])",
      {{"TWO", "before"}});
  EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
  EXPECT_THAT(asked_, ElementsAre("GET secrets?key=one", "GET secrets?key=two"));
  EXPECT_THAT(job.text, HasSubstr("~~~ Preparing secrets"));
  EXPECT_THAT(job.text, HasSubstr("Secret one added as environment variable ONE"));
  EXPECT_THAT(job.text, HasSubstr("Secret two added as environment variable TWO (overwritten)"));
  EXPECT_THAT(job.text, HasSubstr("one is [REDACTED]"));
  EXPECT_THAT(job.text, HasSubstr("<[REDACTED]>")) << "however short it is";
  EXPECT_THAT(job.text, Not(HasSubstr("first-value")));
}

TEST_F(JobSecrets, AreAskedForAgainWhenTheServerIsBusy) {
  busy_ = 1;
  const FinishedJob job =
      run("test \"$ONE\" = first-value", R"([{"key":"one","environment_variable":"ONE"}])");
  EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
  EXPECT_EQ(asked_.size(), 2u);
}

TEST_F(JobSecrets, ThatCannotBeHadEndTheJobBeforeItsCommand) {
  const FinishedJob job =
      run("echo the command ran", R"([{"key":"nope","environment_variable":"A"},)"
                                  R"({"key":"one","environment_variable":"ONE"},)"
                                  R"({"key":"none","environment_variable":"B"}])");
  EXPECT_EQ(job.verdict.exit_status, -1) << job.text;
  EXPECT_THAT(job.text, HasSubstr("failed to fetch secrets for job:"));
  EXPECT_THAT(job.text, HasSubstr("secret \"nope\": "));
  EXPECT_THAT(job.text, HasSubstr("secret \"none\": "));
  EXPECT_THAT(job.text, HasSubstr("the cluster has no such secret"));
  EXPECT_THAT(job.text, Not(HasSubstr("the command ran")));
  EXPECT_THAT(job.text, Not(HasSubstr("Secret one added")));
}

TEST_F(JobSecrets, AreFetchedTenAtATimeUntilTheJobIsCancelled) {
  std::string config;
  for (int i = 0; i < 12; ++i) {
    config += (i == 0 ? "[" : ",") + (R"({"key":"k)" + std::to_string(i)) + R"("})";
  }
  DrivenJob driven("echo the command ran", {{"BUILDKITE_SECRETS_CONFIG", config + "]"}});
  driven.answer_with([&](const ApiRequest&) {
    asked_.emplace_back();
    if (asked_.size() == 10) driven.cancel(supervise::CancelReason::UserCancel, kLimit * 2);
    return std::optional<ApiReply>();
  });
  const FinishedJob job = driven.finish();
  EXPECT_EQ(asked_.size(), 10u) << "the server was silent";
  EXPECT_THAT(job.text, Not(HasSubstr("the command ran")));
  EXPECT_THAT(job.text, Not(HasSubstr("failed to fetch"))) << "that was not why it ended";
}

TEST_F(JobSecrets, SetNoVariableThatIsNotTheJobsToSet) {
  const FinishedJob protected_one =
      run("echo ran", R"([{"key":"one","environment_variable":"BUILDKITE_HOOKS_PATH"}])");
  EXPECT_EQ(protected_one.verdict.exit_status, -1);
  EXPECT_THAT(protected_one.text,
              HasSubstr("secret \"one\" cannot set protected environment variable "
                        "\"BUILDKITE_HOOKS_PATH\""));
  const FinishedJob locked =
      run("echo ran", R"([{"key":"one","environment_variable":"BUILDKITE_SKIP_CHECKOUT"}])",
          {{"BUILDKITE_CHECKOUT_OVERRIDE_MODE", "from-job"}});
  EXPECT_EQ(locked.verdict.exit_status, -1);
  EXPECT_THAT(locked.text, HasSubstr("cannot set checkout-locked environment variable "
                                     "\"BUILDKITE_SKIP_CHECKOUT\" while "
                                     "BUILDKITE_CHECKOUT_OVERRIDE_MODE=from-job"));
}

TEST_F(JobSecrets, OfNoNameAreOnlyHidden) {
  const FinishedJob job = run("echo first-value", R"([{"key":"one"}])");
  EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
  EXPECT_THAT(job.text, HasSubstr("[REDACTED]"));
}

TEST_F(JobSecrets, AreNotAskedForWhereThereAreNone) {
  EXPECT_EQ(run("true", "[]").verdict.exit_status, 0);
  EXPECT_TRUE(asked_.empty());
  EXPECT_EQ(run("true", "{").verdict.exit_status, -1);
}

}  // namespace
}  // namespace ostler::worker
