// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "model/build.hpp"
#include "model/job.hpp"
#include "model/pipeline.hpp"
#include "wire/rest_urls.hpp"

// One pipeline, build and job with every field set, for golden tests.
namespace ostler::wire::samples {

inline Uuid uuid(int number) {
  Uuid made = *Uuid::parse("01890a5d-ac96-774b-bcce-b302099a8000");
  made.bytes[15] = static_cast<std::uint8_t>(number);
  return made;
}

inline Timestamp at(int second) {
  return *parse_rfc3339("2026-01-02T03:04:00.678901Z") + std::chrono::seconds(second);
}

inline RestUrls urls() { return RestUrls("https://ci.example.com", "ostler"); }

inline model::User user() {
  return {.id = {uuid(1)}, .name = "Ada", .email = "ada@example.com", .created_at = at(0)};
}

inline model::Pipeline pipeline() {
  model::Pipeline made;
  made.id = {uuid(2)};
  made.organization = {uuid(3)};
  made.cluster = {uuid(4)};
  made.settings.name = "My Pipeline";
  made.settings.slug = "my-pipeline";
  made.settings.repository = "https://example.com/r.git";
  made.settings.configuration = "steps:\n  - command: make\n";
  made.settings.env = {{"LEVEL", "3"}};
  made.settings.tags = {"infra"};
  made.settings.default_command_step_timeout = 30;
  made.counts = {.scheduled_builds = 1,
                 .running_builds = 2,
                 .scheduled_jobs = 3,
                 .running_jobs = 4,
                 .waiting_jobs = 5};
  made.created_by = user();
  made.created_at = at(1);
  return made;
}

inline model::Build build() {
  model::Build made;
  made.id = {uuid(5)};
  made.pipeline = {uuid(2)};
  made.number = 42;
  made.state = model::BuildState::Running;
  made.request.commit = "abc123";
  made.request.branch = "feature/x";
  made.request.message = "Fix <script>alert(1)</script> \"quotes\"";
  made.request.tag = "v1";
  made.request.env = {{"A", "1"}};
  made.request.author = model::Author{.name = "Bob", .email = "bob@example.com", .username = "bob"};
  made.request.pull_request =
      model::PullRequest{.id = "7", .base_branch = "main", .repository = "git://r"};
  made.meta_data = {{"release", "true"}};
  made.creator = user();
  made.created_at = at(2);
  made.scheduled_at = at(3);
  made.started_at = at(4);
  return made;
}

inline model::Job job() {
  model::Job made;
  made.id = {uuid(6)};
  made.step.id = {uuid(7)};
  made.step.build = {uuid(5)};
  made.step.key = "tests";
  made.step.label = ":hammer: Tests";
  made.step.command = "make test";
  made.step.agent_query_rules = {"queue=default", "os=linux"};
  made.step.artifact_paths = "out/*;log";
  made.queue = {uuid(8)};
  made.state = model::JobState::Finished;
  made.priority = 1;
  made.agent = AgentId{uuid(9)};
  made.outcome = model::Outcome{.exit_status = -1, .signal = "SIGTERM", .signal_reason = "cancel"};
  made.created_at = at(5);
  made.scheduled_at = at(6);
  made.runnable_at = at(7);
  made.started_at = at(8);
  made.finished_at = at(9);
  return made;
}

}  // namespace ostler::wire::samples
