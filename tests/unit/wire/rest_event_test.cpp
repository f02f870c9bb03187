// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_event.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "wire/rest_event_answers.hpp"

namespace ostler::wire {
namespace {

using model::BuildEvent;
using model::BuildEventKind;
using nlohmann::json;

BuildEvent job_event(BuildEventKind kind, model::JobState state) {
  model::JobEventSubject subject;
  subject.job.id = *JobId::parse("0192f1e7-5a1c-7000-8000-00000000000a");
  subject.job.state = state;
  subject.job.step.label = "Test";
  subject.job.step.key = "test";
  return {.number = 4, .at = Timestamp{1'500'000}, .kind = kind, .subject = subject};
}

RestBuildAnswer build_with(const std::string& job) {
  RestBuildAnswer build;
  build.state = "running";
  build.jobs.emplace_back().id = job;
  build.jobs[0].command = "make";
  return build;
}

TEST(RestEvent, IsAnObjectUnderTheNameOfItsKind) {
  auto event = job_event(BuildEventKind::JobChanged, model::JobState::Finished);
  std::get<model::JobEventSubject>(event.subject).job.outcome = {3, "SIGTERM", "",
                                                                 model::EndCause::OutOfMemory};
  EXPECT_EQ(rest_event_name(event), "job");
  const json data = json::parse(encode_rest_event(event));
  EXPECT_EQ(data, json::parse(R"({"id":4,"at":"1970-01-01T00:00:01.500Z","change":"updated","job":{
    "id":"0192f1e7-5a1c-7000-8000-00000000000a","type":"script","name":"Test","step_key":"test",
    "state":"failed","soft_failed":false,"exit_status":3,"signal":"SIGTERM","signal_reason":null,
    "end_cause":"out_of_memory","agent":null,"retried":false,
    "retried_in_job_id":null,"retry_source_job_id":null}})"));
}

TEST(RestEvent, HasNoExitStatusOfATrigger) {
  auto event = job_event(BuildEventKind::JobChanged, model::JobState::Finished);
  auto& job = std::get<model::JobEventSubject>(event.subject).job;
  job.step.kind = model::StepKind::Trigger;
  job.trigger_fault = "there is no pipeline \"nobody\"";
  job.outcome = {1, "", "", {}};
  const json told = json::parse(encode_rest_event(event)).at("job");
  EXPECT_EQ(told.at("exit_status"), nullptr) << "it runs no command";
  EXPECT_EQ(told.at("trigger_error"), "there is no pipeline \"nobody\"");
}

TEST(RestEvent, TellsOfAPromisedFailure) {
  RestBuildAnswer build = build_with("0192f1e7-5a1c-7000-8000-00000000000a");
  auto event = job_event(BuildEventKind::JobChanged, model::JobState::Running);
  std::get<model::JobEventSubject>(event.subject).job.promised_failure = {3, ""};
  const std::string text = encode_rest_event(event);
  EXPECT_EQ(json::parse(text)["job"]["promised_failure"],
            json::parse(R"({"exit_status":3,"reason":null})"));
  EXPECT_TRUE(apply_event(decode_rest_event(text).value(), build));
  ASSERT_TRUE(build.jobs[0].promised_failure);
  EXPECT_EQ(build.jobs[0].promised_failure->exit_status, 3);
}

TEST(RestEvent, BringsABuildUpToDate) {
  RestBuildAnswer build = build_with("0192f1e7-5a1c-7000-8000-00000000000a");
  const auto tell = [&](const BuildEvent& event) {
    return apply_event(decode_rest_event(encode_rest_event(event)).value(), build);
  };
  EXPECT_TRUE(tell(job_event(BuildEventKind::JobChanged, model::JobState::Canceling)));
  EXPECT_EQ(build.jobs[0].started_at, std::nullopt) << "it is canceled before it began";
  EXPECT_TRUE(tell(job_event(BuildEventKind::JobChanged, model::JobState::Running)));
  EXPECT_EQ(build.jobs[0].started_at, Timestamp{1'500'000});
  EXPECT_EQ(build.jobs[0].command, "make") << "an event does not say it";
  auto finished = job_event(BuildEventKind::JobChanged, model::JobState::Finished);
  std::get<model::JobEventSubject>(finished.subject).job.outcome = {0, "", "",
                                                                    model::EndCause::HostRestarted};
  EXPECT_TRUE(tell(finished));
  EXPECT_EQ(build.jobs[0].end_cause, model::EndCause::HostRestarted);
  EXPECT_EQ(build.jobs[0].progress, RestJobProgress::Passed);
  EXPECT_EQ(build.jobs[0].finished_at, Timestamp{1'500'000});
  EXPECT_TRUE(tell(job_event(BuildEventKind::JobChanged, model::JobState::Running)));
  EXPECT_EQ(build.jobs[0].progress, RestJobProgress::Passed) << "it was read after that event";
  EXPECT_TRUE(
      tell({.number = 5, .at = Timestamp{2'000'000}, .subject = model::BuildState::Passed}));
  EXPECT_EQ(build.state, "passed");
  EXPECT_EQ(build.finished_at, Timestamp{2'000'000});
  EXPECT_TRUE(tell(job_event(BuildEventKind::JobRemoved, model::JobState::Waiting)));
  EXPECT_TRUE(build.jobs.empty());
}

TEST(RestEvent, SaysWhenABuildMustBeGotAgain) {
  RestBuildAnswer build = build_with("another");
  const auto created = job_event(BuildEventKind::JobCreated, model::JobState::Waiting);
  EXPECT_FALSE(apply_event(decode_rest_event(encode_rest_event(created)).value(), build));
}

TEST(RestEvent, IsRefusedWhenItIsNone) {
  EXPECT_FALSE(decode_rest_event("[]"));
  EXPECT_FALSE(decode_rest_event("{\"job\":{}}"));
  EXPECT_FALSE(decode_rest_log_event("{\"text\":1}"));
  EXPECT_EQ(decode_rest_log_event(encode_rest_log_event(7, "\"a\\n\"")).value().text, "a\n");
}

}  // namespace
}  // namespace ostler::wire
