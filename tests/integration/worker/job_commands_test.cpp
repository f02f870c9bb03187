// SPDX-License-Identifier: Apache-2.0
// In-job commands as scripts see them: what they ask the server, what they print, how they exit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "integration/worker/driven_job.hpp"
#include "support/child_program.hpp"

namespace ostler::worker {
namespace {

using nlohmann::json;
using supervise::ApiReply;
using supervise::ApiRequest;
using testing::HasSubstr;
using testing::Not;

/// A server that answers every call alike and remembers them.
class RecordingServer {
 public:
  ApiReply answer(const ApiRequest& request) {
    calls.push_back(request);
    ApiReply reply;
    reply.status = status;
    reply.body = body;
    return reply;
  }
  json sent(std::size_t call) const { return json::parse(calls.at(call).body); }

  std::uint16_t status = 200;
  std::string body = "{}";
  std::vector<ApiRequest> calls;
};

class JobCommands : public testing::Test {
 protected:
  FinishedJob run(const std::string& command, const DrivenJob::Variables& more = {}) {
    DrivenJob driven(command, more);
    driven.env()["OSTLER"] = support::ostler_program();
    driven.answer_with([this](const ApiRequest& request) { return server_.answer(request); });
    return driven.finish();
  }
  /// The exit status of one command with nothing on its standard input.
  int status_of(const std::string& command) {
    return run("$OSTLER " + command + " < /dev/null").verdict.exit_status;
  }
  RecordingServer server_;
};

TEST_F(JobCommands, AnnotateSendsABody) {
  EXPECT_EQ(status_of("annotate '**done** [x]'"), 0);
  ASSERT_EQ(server_.calls.size(), 1u);
  EXPECT_EQ(server_.calls[0].method, "POST");
  EXPECT_TRUE(server_.calls[0].path.ends_with("/annotations")) << server_.calls[0].path;
  EXPECT_EQ(server_.sent(0), json::parse(R"({"body": "**done** [x]", "context": "default",
                                             "scope": "build", "priority": 3
})"));
  run("echo 'from stdin' | $OSTLER annotate --context junit --style error --append --priority 10 "
      "--scope job");
  EXPECT_EQ(server_.sent(1),
            json::parse(R"({"body": "from stdin\n", "context": "junit", "style": "error",
                            "scope": "job", "append": true, "priority": 10})"));
}

TEST_F(JobCommands, AnnotateTakesItsFlagsFromVariables) {
  run("echo x | $OSTLER annotate", {{"BUILDKITE_ANNOTATION_CONTEXT", "c"},
                                    {"BUILDKITE_ANNOTATION_STYLE", "info"},
                                    {"BUILDKITE_ANNOTATION_APPEND", "true"},
                                    {"BUILDKITE_ANNOTATION_PRIORITY", "1"}});
  EXPECT_EQ(server_.sent(0), json::parse(R"({"body": "x\n", "context": "c", "style": "info",
                                             "scope": "build", "append": true, "priority": 1})"));
}

TEST_F(JobCommands, AnnotateMayChangeTheStyleOnly) {
  EXPECT_EQ(status_of("annotate --style success"), 0);
  EXPECT_FALSE(server_.sent(0).contains("body"));
}

TEST_F(JobCommands, AnnotateRedactsItsBody) {
  run("$OSTLER annotate 'it is the-secret-token'", {{"MY_TOKEN", "the-secret-token"}});
  EXPECT_EQ(server_.sent(0)["body"], "it is [REDACTED]");
}

TEST_F(JobCommands, AnnotateRefusesWhatTheServerWould) {
  for (const char* wrong :
       {"annotate x --style loud", "annotate x --scope pipeline", "annotate x --priority 11",
        "annotate x --priority 0", "annotation remove --scope pipeline"}) {
    EXPECT_EQ(status_of(wrong), 1) << wrong;
  }
  const FinishedJob job = run("head -c 1048577 /dev/zero | tr '\\0' x | $OSTLER annotate");
  EXPECT_EQ(job.verdict.exit_status, 1);
  EXPECT_THAT(job.text, HasSubstr("at most 1048576 bytes"));
  EXPECT_TRUE(server_.calls.empty());
}

TEST_F(JobCommands, AnnotateTakesABodyOfOneMebibyte) {
  EXPECT_EQ(run("head -c 1048576 /dev/zero | $OSTLER annotate").verdict.exit_status, 0);
  EXPECT_EQ(server_.sent(0)["body"], std::string(1u << 20, '\0'));
}

TEST_F(JobCommands, AnnotationRemoveNamesContextAndScope) {
  EXPECT_EQ(status_of("annotation remove"), 0);
  EXPECT_EQ(status_of("annotation remove --context 'a.b/c' --scope job"), 0);
  EXPECT_EQ(server_.calls[0].method, "DELETE");
  EXPECT_TRUE(server_.calls[0].path.ends_with("/annotations/default?scope=build"));
  EXPECT_TRUE(server_.calls[1].path.ends_with("/annotations/a%2Eb%2Fc?scope=job"));
}

TEST_F(JobCommands, StepGetPrintsTheServersOutput) {
  server_.body = R"({"output": "My label"})";
  const FinishedJob job = run("$OSTLER step get label --step v1.x --build b-1",
                              {{"BUILDKITE_STEP_GET_FORMAT", "json"}});
  EXPECT_EQ(job.verdict.exit_status, 0);
  EXPECT_THAT(job.text, HasSubstr("\nMy label\n"));
  EXPECT_EQ(server_.calls[0].method, "POST");
  EXPECT_EQ(server_.calls[0].path, "steps/v1%2Ex/export");
  EXPECT_EQ(server_.sent(0),
            json::parse(R"({"attribute": "label", "build_id": "b-1", "format": "json"})"));
}

TEST_F(JobCommands, StepUpdateNamesItsUpdate) {
  EXPECT_EQ(status_of("step update priority 3 --step a --build b"), 0);
  run("printf more | $OSTLER step update label --append",
      {{"BUILDKITE_STEP_ID", "s"}, {"BUILDKITE_BUILD_ID", "b"}});
  ASSERT_EQ(server_.calls.size(), 2u);
  EXPECT_EQ(server_.calls[0].method, "PUT");
  EXPECT_EQ(server_.calls[0].path, "steps/a");
  json sent = server_.sent(0);
  EXPECT_EQ(sent["idempotency_uuid"].get<std::string>().size(), 36u);
  EXPECT_NE(sent["idempotency_uuid"], server_.sent(1)["idempotency_uuid"]);
  sent.erase("idempotency_uuid");
  EXPECT_EQ(sent, json::parse(R"({"attribute": "priority", "build_id": "b", "value": "3"})"));
  EXPECT_EQ(server_.calls[1].path, "steps/s");
  EXPECT_EQ(server_.sent(1)["value"], "more");
  EXPECT_EQ(server_.sent(1)["append"], true);
}

TEST_F(JobCommands, StepAndBuildCancelSayWhatTheyMean) {
  EXPECT_EQ(status_of("step cancel --step a --build b"), 0);
  EXPECT_EQ(status_of("step cancel --step a --build b --force --force-grace-period-seconds 0"), 0);
  EXPECT_EQ(status_of("step cancel --step a --force-grace-period-seconds -1"), 1);
  EXPECT_EQ(status_of("build cancel --build c"), 0);
  ASSERT_EQ(server_.calls.size(), 3u);
  EXPECT_EQ(server_.calls[0].path, "steps/a/cancel");
  EXPECT_EQ(server_.sent(0),
            json::parse(R"({"build_id": "b", "force": false, "force_grace_period": 15})"));
  EXPECT_EQ(server_.sent(1),
            json::parse(R"({"build_id": "b", "force": true, "force_grace_period": 0})"));
  EXPECT_EQ(server_.calls[2].method, "POST");
  EXPECT_EQ(server_.calls[2].path, "builds/c/cancel");
}

TEST_F(JobCommands, JobUpdateSendsOneAttribute) {
  EXPECT_EQ(status_of("job update timeout 20 --job j.1"), 0);
  EXPECT_EQ(server_.calls[0].method, "PUT");
  EXPECT_EQ(server_.calls[0].path, "jobs/j%2E1");
  EXPECT_EQ(server_.sent(0), json::parse(R"({"timeout": "20"})"));
}

TEST_F(JobCommands, PromiseFailureAsksTheServerOnceForEachStatus) {
  const FinishedJob job =
      run("$OSTLER job promise-failure 3 --reason 'red tests'; $OSTLER job promise-failure 3; "
          "$OSTLER job promise-failure 4");
  EXPECT_EQ(job.verdict.exit_status, 0) << job.text;
  ASSERT_EQ(server_.calls.size(), 2u);
  EXPECT_EQ(server_.calls[0].method, "PUT");
  EXPECT_TRUE(server_.calls[0].path.ends_with("/promise_failure")) << server_.calls[0].path;
  EXPECT_EQ(server_.sent(0), json::parse(R"({"exit_status": 3, "reason": "red tests"})"));
  EXPECT_EQ(server_.sent(1), json::parse(R"({"exit_status": 4})"));
}

TEST_F(JobCommands, PromiseFailureRemembersAFinalRefusal) {
  server_.status = 409;
  server_.body = R"({"message": "3 is promised"})";
  const FinishedJob job =
      run("set +e; for i in 1 2; do $OSTLER job promise-failure 5; echo status=$?; done; "
          "curl -s -H \"Authorization: Bearer $BUILDKITE_AGENT_JOB_API_TOKEN\" "
          "--unix-socket $BUILDKITE_AGENT_JOB_API_SOCKET -d '{\"exit_status\": 5}' "
          "http://job/api/current-job/v0/promise-failure");
  EXPECT_THAT(job.text, HasSubstr("status=1\n"));
  EXPECT_THAT(job.text, Not(HasSubstr("status=0")));
  EXPECT_THAT(job.text, HasSubstr("not accepted: 3 is promised"));
  EXPECT_THAT(job.text, HasSubstr(R"("outcome":"debounced")"));
  EXPECT_THAT(job.text, HasSubstr(R"("upstream_status":409)"));
  EXPECT_EQ(server_.calls.size(), 1u);
}

TEST_F(JobCommands, PromiseFailureWantsAStatus) {
  for (const char* wrong : {"job promise-failure 0", "job promise-failure -1"}) {
    EXPECT_NE(status_of(wrong), 0) << wrong;
  }
  const FinishedJob job =
      run("curl -s -o /dev/null -w 'status=%{http_code}' -d '{\"exit_status\": 0}' "
          "-H \"Authorization: Bearer $BUILDKITE_AGENT_JOB_API_TOKEN\" "
          "--unix-socket $BUILDKITE_AGENT_JOB_API_SOCKET "
          "http://job/api/current-job/v0/promise-failure");
  EXPECT_THAT(job.text, HasSubstr("status=400"));
  EXPECT_TRUE(server_.calls.empty());
}

TEST_F(JobCommands, ARefusalOfTheServerIsStatusOneAndItsWords) {
  server_.status = 422;
  server_.body = R"({"message": "not so"})";
  const FinishedJob job = run("$OSTLER annotate x");
  EXPECT_EQ(job.verdict.exit_status, 1);
  EXPECT_THAT(job.text, HasSubstr("annotate: the server answered 422 (not so)"));
  EXPECT_EQ(server_.calls.size(), 1u) << "a refusal is final";
}

}  // namespace
}  // namespace ostler::worker
