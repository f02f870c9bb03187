// SPDX-License-Identifier: Apache-2.0
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::JobState;

OSTLER_STORE_SUITE(StoreLevels);

constexpr std::string_view kLevelsYaml =
    "steps:\n  - {command: a, key: a}\n  - {command: b, key: b}\n  - wait\n"
    "  - {command: c, key: c}\n";

TEST_P(StoreLevels, CountsJobsThatAreNotOverAndAgentsThatAreThere) {
  const auto agent = house_.connect_agent();
  house_.connect_agent();
  const auto build = house_.create_build(kLevelsYaml).build.id;
  house_.accept(agent, house_.job_of(build, "a").id);
  auto levels = house_.get(house_.store().levels());
  EXPECT_EQ(levels.connected_agents, 2);
  EXPECT_EQ(levels.jobs[JobState::Accepted], 1);
  EXPECT_EQ(levels.jobs[JobState::Scheduled], 1);
  EXPECT_EQ(levels.jobs[JobState::Waiting], 1) << "waiters are no jobs";
  const auto commands = levels.commands;
  house_.start(agent, house_.job_of(build, "a").id);
  levels = house_.get(house_.store().levels());
  EXPECT_EQ(levels.jobs[JobState::Accepted], 0);
  EXPECT_EQ(levels.jobs[JobState::Running], 1);
  EXPECT_EQ(levels.commands, commands + 1);
  EXPECT_GT(levels.commits, 0);
  EXPECT_LE(levels.commits, levels.commands);
  house_.get(house_.store().cancel_build({build, "", house_.now()}));
  house_.get(house_.store().disconnect_agent({agent.id, house_.now()}));
  levels = house_.get(house_.store().levels());
  EXPECT_EQ(levels.jobs[JobState::Canceling], 1);
  EXPECT_EQ(levels.jobs[JobState::Scheduled], 0);
  EXPECT_EQ(levels.jobs[JobState::Waiting], 0);
  EXPECT_EQ(levels.connected_agents, 1);
}

TEST_P(StoreLevels, CountsJobsThatTheirGroupsHoldBack) {
  house_.create_build(
      "steps: [{command: a, parallelism: 3, concurrency: 1, concurrency_group: g}]");
  auto levels = house_.get(house_.store().levels());
  EXPECT_EQ(levels.jobs[JobState::Scheduled], 1);
  EXPECT_EQ(levels.jobs[JobState::Limited], 2);
  EXPECT_EQ(levels.jobs[JobState::Waiting], 0);
}

TEST_P(StoreLevels, CountsWhatEachQueueHasToDo) {
  const auto levels = [&] {
    const auto all = house_.get(house_.store().queue_levels(house_.agent_token().cluster));
    EXPECT_EQ(all.size(), 1u);
    EXPECT_EQ(all.front().key, "default");
    return all.front();
  };
  EXPECT_EQ(levels().idle_agents + levels().busy_agents + levels().waiting, 0);
  const auto agent = house_.connect_agent();
  house_.connect_agent();
  const auto build = house_.create_build(kLevelsYaml).build.id;
  house_.accept(agent, house_.job_of(build, "a").id);
  EXPECT_EQ(levels().idle_agents, 1);
  EXPECT_EQ(levels().busy_agents, 1);
  EXPECT_EQ(levels().running, 1);
  EXPECT_EQ(levels().scheduled, 1);
  EXPECT_EQ(levels().waiting, 1) << "waiters are no jobs";
  EXPECT_TRUE(house_.get(house_.store().queue_levels(ClusterId::make())).empty());
}

TEST_P(StoreLevels, SaysHowLongAnAcceptedJobWaitedOnce) {
  const auto agent = house_.connect_agent();
  const auto build = house_.create_build(kLevelsYaml).build.id;
  house_.pass(std::chrono::seconds(3));
  const auto accepted = house_.accept(agent, house_.job_of(build, "a").id);
  EXPECT_EQ(accepted.queue, "default");
  EXPECT_EQ(accepted.waited, std::chrono::microseconds(3'000'000));
  EXPECT_EQ(house_.accept(agent, house_.job_of(build, "a").id).waited, std::nullopt);
}

}  // namespace
}  // namespace ostler::store
