// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_answers.hpp"

#include <gtest/gtest.h>

#include "wire/rest_error.hpp"

namespace ostler::wire {
namespace {

TEST(RestAnswers, ReadABuildWithItsJobs) {
  const auto build = decode_rest_build(R"({
    "number": 7, "state": "failing", "created_at": "2026-01-02T03:04:05.000Z", "finished_at": null,
    "jobs": [
      {"id": "j1", "type": "script", "name": "Build", "step_key": "b", "command": "make",
       "state": "failed", "timeout_in_minutes": 5, "exit_status": 2, "signal": null, "signal_reason": null,
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
  EXPECT_EQ(job.timeout_in_minutes, 5);
  EXPECT_EQ((*job.finished_at - *job.started_at).count(), 2'500'000);
  EXPECT_EQ(build.value().jobs.at(1).type, "waiter");
  EXPECT_EQ(build.value().jobs.at(2).progress, RestJobProgress::NotRun);
}

/// What tells each job of a build with these jobs apart, or "-".
std::vector<std::string> distinctions(const std::string& jobs) {
  const auto build = decode_rest_build(R"({"number": 1, "jobs": [)" + jobs + "]}");
  EXPECT_TRUE(build) << build.error().message();
  std::vector<std::string> all;
  for (const RestJobAnswer& job : build.value().jobs) {
    all.push_back(job.distinction.empty() ? "-" : job.distinction);
  }
  return all;
}

TEST(RestAnswers, TellJobsApartThatAreCalledAlike) {
  using Distinctions = std::vector<std::string>;
  EXPECT_EQ(distinctions(R"(
      {"id": "1", "name": "par", "parallel_group_index": 0, "parallel_group_total": 2},
      {"id": "2", "name": "par", "parallel_group_index": 1, "parallel_group_total": 2},
      {"id": "3", "name": "Test 1", "parallel_group_index": 0, "parallel_group_total": 2},
      {"id": "4", "name": "Test 2", "parallel_group_index": 1, "parallel_group_total": 2},
      {"id": "5", "name": "m", "matrix": {"arch": "arm", "os": "linux"}},
      {"id": "6", "name": "m", "matrix": {"arch": "x86", "os": "linux"}},
      {"id": "7", "name": "other", "parallel_group_index": null, "matrix": null}, {"id": "8"})"),
            (Distinctions{"1/2", "2/2", "-", "-", "(arm, linux)", "(x86, linux)", "-", "-"}));
  EXPECT_EQ(distinctions(R"(
      {"id": "1", "name": "lint", "step_key": "a"}, {"id": "2", "name": "lint", "step_key": "b"},
      {"id": "0192f1e7-5a1c-7a01", "command": "make\nmake test"}, {"id": "w", "type": "waiter"},
      {"id": "0192f1e7-5a1c-7a12", "command": "make\nmake lint"}, {"id": "w", "type": "waiter"})"),
            (Distinctions{"(a)", "(b)", "(0192f1e7-5a1c-7a0)", "-", "(0192f1e7-5a1c-7a1)", "-"}));
}

TEST(RestAnswers, DoNotTellAttemptsOfOneJobApart) {
  using Distinctions = std::vector<std::string>;
  EXPECT_EQ(distinctions(R"(
      {"id": "1", "name": "a", "retried": true}, {"id": "2", "name": "a"},
      {"id": "3", "name": "p", "parallel_group_index": 0, "parallel_group_total": 2},
      {"id": "4", "name": "p", "parallel_group_index": 1, "parallel_group_total": 2,
       "retried": true},
      {"id": "5", "name": "p", "parallel_group_index": 1, "parallel_group_total": 2})"),
            (Distinctions{"-", "-", "1/2", "2/2", "2/2"}));
}

TEST(RestAnswers, ReadWhatABuildIsOf) {
  const auto build = decode_rest_build(R"({
    "id": "b1", "number": 7, "branch": "main", "commit": "abc", "message": "Mend it",
    "source": "api", "creator": {"name": "Ann"}, "web_url": "https://h/o/app/builds/7",
    "url": "https://h/v2/organizations/o/pipelines/app/builds/7",
    "jobs": [{"id": "j1", "state": "failed", "soft_failed": true, "agent": {"name": "box-1"},
              "build_url": "https://h/v2/organizations/o/pipelines/app/builds/7"},
             {"id": "j2", "agent": null}]})");
  ASSERT_TRUE(build) << build.error().message();
  EXPECT_EQ(build.value().id, "b1");
  EXPECT_EQ(build.value().pipeline, "app");
  EXPECT_EQ(build.value().branch, "main");
  EXPECT_EQ(build.value().creator_name, "Ann");
  const RestJobAnswer& job = build.value().jobs.at(0);
  EXPECT_EQ(job.agent_name, "box-1");
  EXPECT_TRUE(job.soft_failed);
  EXPECT_EQ(job.pipeline, "app");
  EXPECT_EQ(job.build_number, 7);
  EXPECT_EQ(build.value().jobs.at(1).build_number, 0);
}

TEST(RestAnswers, ReadWhatABlockedBuildWaitsFor) {
  const auto build = decode_rest_build(R"({
    "number": 7, "state": "passed", "blocked": true, "finished_at": "2026-01-02T03:04:05.000Z",
    "jobs": [{"id": "j1", "type": "manual", "label": "Go", "state": "blocked", "prompt": "P",
              "fields": [{"type": "text", "key": "t", "label": "T", "hint": null,
                          "required": false, "default": "d", "format": "x"},
                         {"type": "select", "key": "s", "multiple": true, "default": ["a"],
                          "options": [{"label": "A", "value": "a"}]}]},
             {"id": "j2", "type": "manual", "label": "Old", "state": "unblocked"},
             {"id": "j3", "type": "manual", "label": null, "state": "blocked_failed"}]})");
  ASSERT_TRUE(build) << build.error().message();
  EXPECT_EQ(build.value().state, "blocked") << "as it stands, not as what it passes";
  EXPECT_FALSE(build.value().finished_at) << "it is not over";
  const RestJobAnswer& job = build.value().jobs.at(0);
  EXPECT_EQ(job.name, "Go");
  EXPECT_EQ(job.progress, RestJobProgress::Blocked);
  ASSERT_TRUE(job.gate);
  EXPECT_EQ(job.gate->prompt, "P");
  ASSERT_EQ(job.gate->fields.size(), 2u);
  EXPECT_EQ(job.gate->fields[0].defaults, std::vector<std::string>{"d"});
  EXPECT_FALSE(job.gate->fields[0].is_required);
  EXPECT_EQ(job.gate->fields[0].format, "x");
  EXPECT_TRUE(job.gate->fields[1].is_multiple && job.gate->fields[1].is_required);
  EXPECT_EQ(job.gate->fields[1].options.at(0).value, "a");
  EXPECT_EQ(build.value().jobs.at(1).progress, RestJobProgress::Passed);
  EXPECT_EQ(build.value().jobs.at(2).progress, RestJobProgress::NotRun);
  EXPECT_FALSE(decode_rest_job(R"({"id": "j", "type": "manual", "fields": [{"key": ""}]})"));
}

TEST(RestAnswers, ReadListsOfBuildsAndPipelines) {
  EXPECT_EQ(decode_rest_builds(R"([{"number": 2}, {"number": 1}])").value().size(), 2u);
  EXPECT_FALSE(decode_rest_builds("{}"));
  EXPECT_FALSE(decode_rest_builds(R"([{"number": 0}])"));
  const auto pipelines =
      decode_rest_pipelines(R"([{"slug": "app", "repository": "r", "default_branch": null}])");
  ASSERT_TRUE(pipelines);
  EXPECT_EQ(pipelines.value().at(0).repository, "r");
  EXPECT_FALSE(decode_rest_pipelines(R"([{"slug": ""}])"));
  EXPECT_EQ(decode_rest_organization_url(R"({"url": "https://h/v2/organizations/o"})").value(),
            "https://h/v2/organizations/o");
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
            "Validation Failed: name: is taken");
  EXPECT_EQ(rest_error_text(encode_rest_validation(
                {{"configuration", "p.yml:2:1: bad", "", {2, 1, "    x\n    ^"}}})),
            "Validation Failed\nconfiguration: p.yml:2:1: bad\n    x\n    ^");
  EXPECT_EQ(rest_error_text("<html>"), "<html>");
}

}  // namespace
}  // namespace ostler::wire
