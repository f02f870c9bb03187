// SPDX-License-Identifier: Apache-2.0
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::AgentState;
using model::BuildState;
using model::JobState;
using std::chrono::minutes;
using std::chrono::seconds;

class SweepSuite : public StoreSuite {
 protected:
  void pass_awake(seconds time) { last_ = house_.pass_awake(time); }
  JobId accepted_job(const support::Worker& agent,
                     std::string_view yaml = "steps: [{command: a}]") {
    const auto made = house_.create_build(yaml);
    build_ = made.build.id;
    house_.accept(agent, made.follow_ups.runnable.front());
    return made.follow_ups.runnable.front();
  }
  JobState state(JobId job) { return house_.get(house_.store().job_state(job)); }
  AgentState state(const support::Worker& agent) {
    return house_.get(house_.store().agent(agent.id)).state;
  }

  BuildId build_;
  SweepResult last_;
};
class Time : public SweepSuite {};
INSTANTIATE_TEST_SUITE_P(Store, Time, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Time, ShowsASilentAgentAsLostAndHearsItAgain) {
  const auto agent = house_.connect_agent();
  pass_awake(seconds(170));
  EXPECT_EQ(state(agent), AgentState::Connected);
  pass_awake(seconds(30));
  EXPECT_EQ(state(agent), AgentState::Lost);
  house_.get(house_.store().heartbeat({agent.id, house_.now()}));
  EXPECT_EQ(state(agent), AgentState::Connected);
}

TEST_P(Time, TellsWhichAgentIsLostAndWhenItsJobEnds) {
  const auto idle = house_.connect_agent();
  const auto agent = house_.connect_agent({}, "two");
  const JobId job = accepted_job(agent);
  const Timestamp heard = house_.now();
  house_.start(agent, job);
  const auto swept = house_.pass_awake(seconds(180));
  ASSERT_EQ(swept.lost.size(), 2u);
  const bool idle_first = swept.lost[0].agent == idle.id;
  const LostAgent& lost = swept.lost[idle_first ? 1 : 0];
  EXPECT_EQ(swept.lost[idle_first ? 0 : 1].job, std::nullopt);
  EXPECT_EQ(lost.name, "two");
  EXPECT_EQ(lost.heard_at, heard);
  EXPECT_EQ(lost.job, job);
  EXPECT_EQ(lost.ends_at, heard + seconds(630));
  EXPECT_TRUE(house_.sweep().lost.empty()) << "once";
}

TEST_P(Time, TellsWhichJobsItEndsAndHowTheirBuildsStandThen) {
  const auto agent = house_.connect_agent();
  const JobId job = accepted_job(agent);
  house_.start(agent, job);
  pass_awake(seconds(630));
  ASSERT_EQ(last_.overdue.size(), 1u);
  const OverdueJob& overdue = last_.overdue.front();
  EXPECT_EQ(overdue.job, job);
  EXPECT_EQ(overdue.what, Overdue::Lease);
  EXPECT_EQ(overdue.build, 1);
  EXPECT_EQ(overdue.build_state, BuildState::Failed);
  EXPECT_EQ(overdue.agent, agent.id);
  EXPECT_EQ(overdue.agent_name, "one");
}

TEST_P(Time, GivesALostAgentNoWork) {
  const auto agent = house_.connect_agent();
  const auto made = house_.create_build("steps: [{command: a}]");
  pass_awake(seconds(200));
  EXPECT_EQ(house_.error_of(house_.store().accept_job(
                house_.accept_command(agent, made.follow_ups.runnable.front()))),
            Errc::Conflict);
}

TEST_P(Time, FailsTheJobOfALostAgentThirtySecondsAfterItsLease) {
  const auto agent = house_.connect_agent();
  const JobId job = accepted_job(agent);
  house_.start(agent, job);
  pass_awake(seconds(620));
  EXPECT_EQ(state(job), JobState::Running);
  pass_awake(seconds(20));
  EXPECT_EQ(state(job), JobState::Finished);
  const auto outcome = house_.get(house_.store().job(job)).outcome;
  EXPECT_EQ(outcome->exit_status, -1);
  EXPECT_EQ(outcome->end_cause, model::EndCause::AgentLost);
  EXPECT_EQ(house_.state_of(build_), BuildState::Failed);
  EXPECT_EQ(house_.error_of(house_.store().finish_job(house_.finish_command(agent, job, 0))),
            Errc::Conflict);
}

TEST_P(Time, LetsAJobRunWhileItsAgentIsHeard) {
  const auto agent = house_.connect_agent();
  const JobId job = accepted_job(agent);
  house_.start(agent, job);
  for (int i = 0; i < 10; ++i) {
    pass_awake(minutes(9));
    house_.get(house_.store().heartbeat({agent.id, house_.now()}));
  }
  EXPECT_EQ(state(job), JobState::Running);
}

TEST_P(Time, GivesUpAJobThatIsNotStartedInTime) {
  const auto agent = house_.connect_agent();
  const JobId job = accepted_job(agent);
  pass_awake(seconds(170));
  EXPECT_EQ(state(job), JobState::Accepted);
  house_.get(house_.store().heartbeat({agent.id, house_.now()}));
  pass_awake(seconds(20));
  EXPECT_EQ(state(job), JobState::Finished);
  EXPECT_EQ(last_.follow_ups.finished, std::vector{job});
  EXPECT_FALSE(house_.get(house_.store().agent(agent.id)).job);
}

TEST_P(Time, TimesAJobOutAndTakesItsReport) {
  const auto agent = house_.connect_agent();
  const JobId late = accepted_job(agent, "steps: [{command: a, timeout_in_minutes: 2}]");
  house_.start(agent, late);
  pass_awake(seconds(110));
  EXPECT_EQ(state(late), JobState::Running);
  pass_awake(seconds(10));
  EXPECT_EQ(state(late), JobState::TimingOut);
  EXPECT_EQ(last_.follow_ups.canceling, std::vector{late});
  EXPECT_EQ(house_.finish(agent, late, -1).state, JobState::TimedOut);
  EXPECT_EQ(house_.state_of(build_), BuildState::Failed);
}

TEST_P(Time, PassesAJobThatEndsWellAfterItsTimeout) {
  const auto agent = house_.connect_agent();
  const JobId job = accepted_job(agent, "steps: [{command: a, timeout_in_minutes: 1}]");
  house_.start(agent, job);
  pass_awake(seconds(60));
  EXPECT_EQ(house_.finish(agent, job, 0).state, JobState::Finished);
  EXPECT_EQ(house_.state_of(build_), BuildState::Passed);
}

TEST_P(Time, ExpiresAJobThatNobodyTakes) {
  const auto made = house_.create_build("steps: [{command: a}]");
  const JobId job = made.follow_ups.runnable.front();
  house_.pass(std::chrono::hours(24 * 30) - minutes(1));
  house_.sweep();
  EXPECT_EQ(state(job), JobState::Scheduled);
  house_.pass(minutes(1));
  EXPECT_EQ(house_.sweep().follow_ups.dropped, std::vector{job});
  EXPECT_EQ(state(job), JobState::Expired);
  EXPECT_EQ(house_.state_of(made.build.id), BuildState::Failed);
}

TEST_P(Time, InWhichTheHubWasDownCountsForNobody) {
  const auto agent = house_.connect_agent();
  const JobId job = accepted_job(agent);
  house_.pass(std::chrono::hours(10));
  house_.reopen();
  house_.sweep();
  EXPECT_EQ(state(job), JobState::Accepted);
  EXPECT_EQ(state(agent), AgentState::Connected);
  house_.start(agent, job);
  pass_awake(seconds(620));
  EXPECT_EQ(state(job), JobState::Running);
  pass_awake(seconds(20));
  EXPECT_EQ(state(job), JobState::Finished);
}

TEST_P(Time, InWhichTheHubStoodStillCountsForNobody) {
  const auto agent = house_.connect_agent();
  const JobId job = accepted_job(agent);
  house_.start(agent, job);
  house_.pass(std::chrono::hours(10));
  house_.sweep();
  EXPECT_EQ(state(job), JobState::Running);
  EXPECT_EQ(state(agent), AgentState::Connected);
}

class ClockJump : public SweepSuite {
 protected:
  /// A job whose time is up after two minutes runs since one, and another waits.
  void begin() {
    agent_ = house_.connect_agent();
    job_ = accepted_job(agent_, "steps: [{command: a, timeout_in_minutes: 2}]");
    house_.start(agent_, job_);
    pass_awake(minutes(1));
    waiting_ = house_.create_build("steps: [{command: b}]").follow_ups.runnable.front();
  }
  void jump(std::chrono::microseconds by) { last_ = house_.jump(by); }

  support::Worker agent_;
  JobId job_;
  JobId waiting_;
};
INSTANTIATE_TEST_SUITE_P(Store, ClockJump, testing::ValuesIn(store_kinds()), name_of);

TEST_P(ClockJump, ForwardEndsNothingBeforeItsTime) {
  begin();
  jump(std::chrono::hours(24 * 40));
  EXPECT_EQ(state(job_), JobState::Running);
  EXPECT_EQ(state(agent_), AgentState::Connected);
  EXPECT_EQ(state(waiting_), JobState::Scheduled);
  pass_awake(seconds(50));
  EXPECT_EQ(state(job_), JobState::Running);
  pass_awake(seconds(15));
  EXPECT_EQ(state(job_), JobState::TimingOut);
}

TEST_P(ClockJump, BackLetsNothingHang) {
  begin();
  jump(-std::chrono::hours(24 * 40));
  pass_awake(seconds(50));
  EXPECT_EQ(state(job_), JobState::Running);
  pass_awake(seconds(15));
  EXPECT_EQ(state(job_), JobState::TimingOut);
  pass_awake(seconds(130));
  EXPECT_EQ(state(agent_), AgentState::Lost) << "silent since the jump";
  pass_awake(seconds(450));
  EXPECT_EQ(state(job_), JobState::TimedOut) << "given up with its agent's lease";
}

TEST_P(ClockJump, CountsNoCallOfTheNewTimeTwice) {
  begin();
  house_.pass(-std::chrono::hours(10));
  house_.get(house_.store().heartbeat({agent_.id, house_.now()}));
  const auto other = house_.connect_agent({}, "two");
  house_.accept(other, waiting_);
  house_.start(other, waiting_);
  house_.pass(seconds(1));
  last_ = house_.get(house_.store().sweep({.now = house_.now(), .jump = -std::chrono::hours(10)}));
  EXPECT_EQ(state(agent_), AgentState::Connected);
  EXPECT_EQ(state(other), AgentState::Connected);
  EXPECT_EQ(state(waiting_), JobState::Running);
  EXPECT_EQ(state(job_), JobState::Running);
}

TEST_P(ClockJump, WhileTheHubWasDownLetsNoLeaseHang) {
  begin();
  house_.pass(-std::chrono::hours(24));
  house_.reopen();
  pass_awake(seconds(640));
  EXPECT_NE(state(job_), JobState::Running);
  EXPECT_EQ(state(agent_), AgentState::Lost);
}

TEST_P(Time, MovesMoreThanOneSweepDoesInSeveral) {
  std::string yaml = "steps:\n";
  for (int i = 0; i < 450; ++i) yaml += "  - command: a\n";
  house_.create_build(yaml);
  house_.pass(std::chrono::hours(24 * 31));
  int sweeps = 1;
  while (house_.sweep().more) ++sweeps;
  EXPECT_EQ(sweeps, 3);
  EXPECT_TRUE(house_.get(house_.store().runnable_jobs(std::nullopt, 1)).empty());
}

}  // namespace
}  // namespace ostler::store
