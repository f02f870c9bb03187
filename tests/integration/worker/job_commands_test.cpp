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
