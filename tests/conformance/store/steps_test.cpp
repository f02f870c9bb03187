// SPDX-License-Identifier: Apache-2.0
#include "model/step_state.hpp"
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::JobState;
using namespace std::chrono_literals;

constexpr std::string_view kStepsYaml = R"yaml(
steps:
  - {command: a, key: first, label: One}
  - {command: b, key: second, depends_on: first}
  - {command: c, key: third}
)yaml";

class Steps : public StoreSuite {
 protected:
  model::StepView step(const std::string& name) {
    return house_.get(house_.store().step({build_, name}));
  }
  FollowUps update(UpdateStep command) { return house_.get(house_.store().update_step(command)); }
  CanceledStep cancel(const std::string& key, std::optional<std::chrono::seconds> force = {}) {
    return house_.get(house_.store().cancel_step({{build_, key}, force, house_.now()}));
  }
  JobId job(const std::string& key) { return step(key).job.id; }
  JobState state(const std::string& key) { return step(key).job.state; }

  BuildId build_ = house_.create_build(kStepsYaml).build.id;
  support::Worker agent_ = house_.connect_agent();
};
INSTANTIATE_TEST_SUITE_P(Store, Steps, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Steps, AreFoundByKeyAndById) {
  const model::StepView second = step("second");
  EXPECT_EQ(second.job.step.command, "b");
  EXPECT_EQ(second.job.state, JobState::Waiting);
  ASSERT_EQ(second.depends_on.size(), 1u);
  EXPECT_EQ(second.depends_on[0].key, "first");
  EXPECT_EQ(step(second.job.step.id.str()).job.id, second.job.id);
  EXPECT_TRUE(step("first").depends_on.empty());
}

TEST_P(Steps, OfAnotherBuildAreNotFound) {
  const BuildId other = house_.create_build("steps: [{command: x}]").build.id;
  for (const std::string& name : {std::string("first"), step("first").job.step.id.str(),
                                  std::string("none"), std::string()}) {
    EXPECT_EQ(house_.error_of(house_.store().step({other, name})), Errc::NotFound) << name;
  }
}

TEST_P(Steps, ChangeTheirLabelOncePerRequest) {
  update({.step = {build_, "first"}, .request = "r1", .label = "Two"});
  EXPECT_EQ(step("first").job.step.label, "Two");
  for (int i = 0; i < 2; ++i) {
    update({.step = {build_, "first"}, .request = "r2", .label = "!", .append = true});
  }
  EXPECT_EQ(step("first").job.step.label, "Two!");
  update({.step = {build_, "first"}, .request = "r1", .label = "Two"});
  EXPECT_EQ(step("first").job.step.label, "Two!") << "an old request, repeated late";
  EXPECT_EQ(house_.error_of(house_.store().update_step(
                {.step = {build_, "first"}, .label = std::string(kLongestLabel + 1, 'x')})),
            Errc::UserFault);
}

TEST_P(Steps, GiveTheirWaitingJobsAnotherPlace) {
  const FollowUps follow_ups = update({.step = {build_, "third"}, .priority = 5});
  EXPECT_EQ(follow_ups.dropped, std::vector{job("third")});
  EXPECT_EQ(follow_ups.runnable, std::vector{job("third")});
  const auto runnable = house_.get(house_.store().runnable_jobs({job("third")}));
  ASSERT_EQ(runnable.size(), 1u);
  EXPECT_EQ(runnable[0].priority, 5);
  EXPECT_TRUE(update({.step = {build_, "second"}, .priority = 5}).runnable.empty())
      << "it does not wait for an agent yet";
}

TEST_P(Steps, CancelWithTheirDependents) {
  EXPECT_EQ(cancel("first").follow_ups.dropped, std::vector{job("first")});
  EXPECT_EQ(state("first"), JobState::Canceled);
  EXPECT_EQ(state("second"), JobState::WaitingFailed);
  EXPECT_EQ(state("third"), JobState::Scheduled);
  EXPECT_EQ(house_.error_of(house_.store().cancel_step({{build_, "first"}, {}, house_.now()})),
            Errc::Conflict);
}

TEST_P(Steps, AskTheAgentOfARunningJobToStop) {
  house_.accept(agent_, job("first"));
  house_.start(agent_, job("first"));
  EXPECT_EQ(cancel("first").follow_ups.canceling, std::vector{job("first")});
  EXPECT_EQ(state("first"), JobState::Canceling);
  house_.pass_awake(60s);
  EXPECT_EQ(state("first"), JobState::Canceling) << "its agent is alive";
}

TEST_P(Steps, WaitNoLongerThanTheGraceWhenForced) {
  house_.accept(agent_, job("first"));
  house_.start(agent_, job("first"));
  cancel("first");
  cancel("first", 15s);
  house_.pass(14s);
  house_.sweep();
  EXPECT_EQ(state("first"), JobState::Canceling);
  house_.pass(2s);
  house_.sweep();
  EXPECT_EQ(state("first"), JobState::Canceled);
}

class JobOrders : public Steps {
 protected:
  void run_first() {
    house_.accept(agent_, job("first"));
    house_.start(agent_, job("first"));
  }
  Errc limit_fault(std::int64_t minutes) {
    return house_.error_of(house_.store().limit_job({agent_.id, job("first"), minutes}));
  }
  void limit(std::int64_t minutes) {
    house_.get(house_.store().limit_job({agent_.id, job("first"), minutes}));
  }
  StandingPromise make_promise(int status, std::string reason = "") {
    return house_.get(house_.store().promise_failure(
        {agent_.id, job("first"), status, std::move(reason), house_.now()}));
  }
  int promise(int status) { return make_promise(status).exit_status; }
};
INSTANTIATE_TEST_SUITE_P(Store, JobOrders, testing::ValuesIn(store_kinds()), name_of);

TEST_P(JobOrders, LimitARunningJobFromItsStart) {
  run_first();
  house_.pass(90s);
  limit(2);
  EXPECT_EQ(step("first").job.step.timeout_in_minutes, 2);
  house_.pass_awake(20s);
  EXPECT_EQ(state("first"), JobState::Running);
  house_.pass_awake(20s);
  EXPECT_EQ(state("first"), JobState::TimingOut);
}

TEST_P(JobOrders, LimitAJobBeforeItsStart) {
  house_.accept(agent_, job("first"));
  limit(1);
  house_.start(agent_, job("first"));
  house_.pass_awake(70s);
  EXPECT_EQ(state("first"), JobState::TimingOut);
}

TEST_P(JobOrders, RefuseALimitThatIsNone) {
  run_first();
  EXPECT_EQ(limit_fault(0), Errc::UserFault);
  EXPECT_EQ(limit_fault(-1), Errc::UserFault);
  EXPECT_EQ(limit_fault(kLongestTimeout + 1), Errc::UserFault);
  const support::Worker other = house_.connect_agent({}, "other");
  EXPECT_EQ(house_.error_of(house_.store().limit_job({other.id, job("first"), 5})), Errc::NotFound);
  house_.finish(agent_, job("first"));
  EXPECT_EQ(limit_fault(5), Errc::Conflict);
}

TEST_P(JobOrders, MakeAPromisedFailureTheFloorOfAReport) {
  run_first();
  EXPECT_EQ(promise(7), 7);
  EXPECT_EQ(promise(7), 7) << "a repeat";
  EXPECT_EQ(promise(8), 7) << "the first stands";
  const auto report = house_.finish_command(agent_, job("first"), 0);
  for (int i = 0; i < 2; ++i) house_.get(house_.store().finish_job(report));
  ASSERT_TRUE(step("first").job.outcome);
  EXPECT_EQ(step("first").job.outcome->exit_status, 7);
  EXPECT_EQ(to_string(step_outcome(step("first").jobs)), "hard_failed");
  EXPECT_EQ(state("second"), JobState::WaitingFailed);
}

TEST_P(JobOrders, TellOfAPromiseOnce) {
  run_first();
  EXPECT_EQ(step("first").job.promised_failure, std::nullopt);
  EXPECT_EQ(make_promise(7, "no good").follow_ups.builds, std::vector{build_});
  EXPECT_EQ(step("first").job.promised_failure, (model::PromisedFailure{7, "no good"}));
  const auto events = house_.get(house_.store().build_events({build_, 0, 100})).events;
  const auto& told = std::get<model::JobEventSubject>(events.back().subject).job;
  EXPECT_EQ(told.promised_failure, (model::PromisedFailure{7, "no good"}));
  EXPECT_EQ(make_promise(7, "other").follow_ups.builds, std::vector<BuildId>());
}

TEST_P(JobOrders, LeaveAReportedFailureAsItIs) {
  run_first();
  promise(7);
  house_.finish(agent_, job("first"), 3);
  EXPECT_EQ(step("first").job.outcome->exit_status, 3);
}

TEST_P(JobOrders, TakeNoPromiseOfAJobThatIsNotRunning) {
  const auto fault = [&] {
    return house_.error_of(
        house_.store().promise_failure({agent_.id, job("first"), 1, "", house_.now()}));
  };
  EXPECT_EQ(fault(), Errc::NotFound) << "nobody has it";
  run_first();
  cancel("first");
  EXPECT_EQ(fault(), Errc::Conflict);
}

}  // namespace
}  // namespace ostler::store
