// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_answers.hpp"

#include <gtest/gtest.h>

namespace ostler::wire {
namespace {

TEST(RestAnswers, ReadABuildWithItsJobs) {
  const auto build = decode_rest_build(R"({
    "number": 7, "state": "failing", "created_at": "2026-01-02T03:04:05.000Z", "finished_at": null,
    "jobs": [
      {"id": "j1", "type": "script", "name": "Build", "step_key": "b", "command": "make",
       "state": "failed", "exit_status": 2, "signal": null, "signal_reason": null,
       "started_at": "2026-01-02T03:04:06.000Z", "finished_at": "2026-01-02T03:04:08.500Z"},
      {"id": "j2", "type": "waiter"},
      {"id": "j3", "type": "script", "name": null, "state": "waiting_failed"}]})");
  ASSERT_TRUE(build) << build.error().message();
  EXPECT_EQ(build.value().number, 7);
  EXPECT_EQ(build.value().state, "failing");
  EXPECT_FALSE(build.value().finished_at);
  const RestJobAnswer& job = build.value().jobs.at(0);
  EXPECT_EQ(job.name, "Build");
  EXPECT_EQ(job.progress, RestJobProgress::Failed);
  EXPECT_EQ(job.exit_status, 2);
  EXPECT_EQ((*job.finished_at - *job.started_at).count(), 2'500'000);
  EXPECT_EQ(build.value().jobs.at(1).type, "waiter");
  EXPECT_EQ(build.value().jobs.at(2).progress, RestJobProgress::NotRun);
}

TEST(RestAnswers, TakeAnUnknownStateForWaiting) {
  const auto build = decode_rest_build(R"({"number": 1, "jobs": [{"id": "j", "state": "new"}]})");
  EXPECT_EQ(build.value().jobs.at(0).progress, RestJobProgress::Waiting);
}

TEST(RestAnswers, ReadArtifacts) {
  const auto artifacts = decode_rest_artifacts(
      R"([{"id": "a", "job_id": "j", "path": "out/x", "state": "finished", "file_size": 3,
           "download_url": "http://hub/x", "glob_path": null}])");
  ASSERT_TRUE(artifacts);
  EXPECT_EQ(artifacts.value().at(0).path, "out/x");
  EXPECT_EQ(artifacts.value().at(0).file_size, 3);
}

TEST(RestAnswers, RefuseWhatIsNoAnswer) {
  for (const char* text : {"", "<html>", "[]", "{}", R"({"number": "x"})",
                           R"({"number": 1, "jobs": {}})", R"({"number": 1, "jobs": [1]})"}) {
    const auto build = decode_rest_build(text);
    ASSERT_FALSE(build) << text;
    EXPECT_EQ(build.error().code(), Errc::Protocol);
  }
  EXPECT_FALSE(decode_rest_artifacts("{}"));
  EXPECT_FALSE(decode_rest_pipeline_slug("{}"));
}

TEST(RestAnswers, SayWhatAnErrorSays) {
  EXPECT_EQ(rest_error_text(R"({"message": "No build found"})"), "No build found");
  EXPECT_EQ(rest_error_text(R"({"message": "Validation Failed",
                                "errors": [{"field": "name", "code": "is taken"}]})"),
            "Validation Failed\nname: is taken");
  EXPECT_EQ(rest_error_text("<html>"), "<html>");
}

}  // namespace
}  // namespace ostler::wire
