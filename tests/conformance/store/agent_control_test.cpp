// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::JobState;
using std::chrono::minutes;

class AgentControlSuite : public StoreSuite {
 protected:
  model::Agent agent(const support::Worker& worker) {
    return house_.get(house_.store().agent(worker.id));
  }
  JobId running_job(const support::Worker& worker) {
    const JobId job = house_.create_build("steps: [{command: a}]").follow_ups.runnable.front();
    house_.accept(worker, job);
    house_.start(worker, job);
    return job;
  }
  JobState state(JobId job) { return house_.get(house_.store().job_state(job)); }
};
class AgentControl : public AgentControlSuite {};
INSTANTIATE_TEST_SUITE_P(Store, AgentControl, testing::ValuesIn(store_kinds()), name_of);

TEST_P(AgentControl, PausesAnAgentUntilItIsResumed) {
  const auto worker = house_.connect_agent();
  const auto paused = house_.get(
      house_.store().pause_agent({.agent = worker.id, .note = "disk", .now = house_.now()}));
  EXPECT_EQ(paused.agents, std::vector{worker.id});
  house_.pass_awake(std::chrono::seconds(60));
  house_.reopen();
  ASSERT_TRUE(agent(worker).pause);
  EXPECT_EQ(agent(worker).pause->note, "disk");
  EXPECT_FALSE(agent(worker).pause->until);
  const auto resumed = house_.get(house_.store().resume_agent({worker.id, house_.now()}));
  EXPECT_EQ(resumed.agents, std::vector{worker.id});
  EXPECT_FALSE(agent(worker).pause);
  EXPECT_TRUE(house_.call(house_.store().resume_agent({worker.id, house_.now()}))) << "again";
}

TEST_P(AgentControl, ResumesAnAgentWhenItsPauseIsOver) {
  const auto worker = house_.connect_agent();
  house_.get(house_.store().pause_agent(
      {.agent = worker.id, .duration = minutes(2), .now = house_.now()}));
  const auto early = house_.pass_awake(std::chrono::seconds(90));
  EXPECT_TRUE(early.follow_ups.agents.empty());
  ASSERT_TRUE(agent(worker).pause);
  const auto due = house_.pass_awake(std::chrono::seconds(30));
  EXPECT_EQ(due.follow_ups.agents, std::vector{worker.id});
  EXPECT_FALSE(agent(worker).pause);
}

TEST_P(AgentControl, ASecondPauseReplacesWhatWasSaid) {
  const auto worker = house_.connect_agent();
  const Timestamp since = house_.now();
  house_.get(house_.store().pause_agent(
      {.agent = worker.id, .note = "a", .duration = minutes(2), .now = since}));
  house_.pass(std::chrono::seconds(1));
  house_.get(house_.store().pause_agent({.agent = worker.id, .note = "b", .now = house_.now()}));
  EXPECT_EQ(agent(worker).pause->note, "b");
  EXPECT_EQ(agent(worker).pause->since, since);
  EXPECT_FALSE(agent(worker).pause->until);
}

TEST_P(AgentControl, StopsAnAgentAndLetsItsJobEnd) {
  const auto worker = house_.connect_agent();
  const JobId job = running_job(worker);
  EXPECT_FALSE(agent(worker).stop_requested);
  const auto stopped =
      house_.get(house_.store().stop_agent({.agent = worker.id, .now = house_.now()}));
  EXPECT_EQ(stopped.agents, std::vector{worker.id});
  EXPECT_TRUE(stopped.canceling.empty());
  EXPECT_TRUE(agent(worker).stop_requested);
  EXPECT_EQ(state(job), JobState::Running);
}

TEST_P(AgentControl, CancelsTheJobOfAnAgentThatStopsByForce) {
  const auto worker = house_.connect_agent();
  const JobId job = running_job(worker);
  const StopAgent command{.agent = worker.id, .force = true, .now = house_.now()};
  EXPECT_EQ(house_.get(house_.store().stop_agent(command)).canceling, std::vector{job});
  EXPECT_EQ(state(job), JobState::Canceling);
  EXPECT_TRUE(house_.call(house_.store().stop_agent(command))) << "a repeat is fine";
  EXPECT_EQ(house_.finish(worker, job, -1).state, JobState::Canceled);
}

TEST_P(AgentControl, TellsNothingToAnAgentThatIsGone) {
  const auto worker = house_.connect_agent();
  house_.get(house_.store().disconnect_agent({worker.id, house_.now()}));
  EXPECT_EQ(house_.error_of(house_.store().pause_agent({.agent = worker.id, .now = house_.now()})),
            Errc::Conflict);
  EXPECT_EQ(house_.error_of(house_.store().resume_agent({worker.id, house_.now()})),
            Errc::Conflict);
  EXPECT_EQ(house_.error_of(house_.store().stop_agent({.agent = worker.id, .now = house_.now()})),
            Errc::Conflict);
  EXPECT_EQ(house_.error_of(house_.store().resume_agent({AgentId::make(), house_.now()})),
            Errc::NotFound);
}

TEST_P(AgentControl, KeepsThatAnAgentLeavesAfterItsJob) {
  const auto worker = house_.connect_agent();
  const JobId job = running_job(worker);
  auto command = house_.finish_command(worker, job, 0);
  command.ignore_agent_in_dispatches = true;
  house_.get(house_.store().finish_job(command));
  house_.reopen();
  EXPECT_TRUE(agent(worker).description.ignore_in_dispatches);
}

}  // namespace
}  // namespace ostler::store
