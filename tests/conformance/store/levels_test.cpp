// SPDX-License-Identifier: Apache-2.0
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::JobState;

OSTLER_STORE_SUITE(StoreLevels);

constexpr std::string_view kYaml =
    "steps:\n  - {command: a, key: a}\n  - {command: b, key: b}\n  - wait\n"
    "  - {command: c, key: c}\n";

TEST_P(StoreLevels, CountsJobsThatAreNotOverAndAgentsThatAreThere) {
  const auto agent = house_.connect_agent();
  house_.connect_agent();
  const auto build = house_.create_build(kYaml).build.id;
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

TEST_P(StoreLevels, SaysHowLongAnAcceptedJobWaitedOnce) {
  const auto agent = house_.connect_agent();
  const auto build = house_.create_build(kYaml).build.id;
  house_.pass(std::chrono::seconds(3));
  const auto accepted = house_.accept(agent, house_.job_of(build, "a").id);
  EXPECT_EQ(accepted.queue, "default");
  EXPECT_EQ(accepted.waited, std::chrono::microseconds(3'000'000));
  EXPECT_EQ(house_.accept(agent, house_.job_of(build, "a").id).waited, std::nullopt);
}

}  // namespace
}  // namespace ostler::store
