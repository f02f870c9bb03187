// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "store_suite.hpp"

namespace ostler::store {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

OSTLER_STORE_SUITE(Agents);

class GoneAgents : public StoreSuite {
 protected:
  bool is_there(const support::Worker& agent) {
    return house_.call(house_.store().agent(agent.id)).has_value();
  }
  bool may_call(const Secret& token) {
    return house_.call(house_.store().authenticate(token, house_.now())).has_value();
  }
  /// A day in which the hub is up and hears nobody.
  void pass_a_day() {
    for (int hour = 0; hour < 25; ++hour) {
      house_.pass(hours(1));
      house_.sweep();
    }
  }
  void remove(BuildId build) {
    while (house_.get(house_.store().remove_expired({{build}})).more) continue;
  }
  support::Worker lost_agent() {
    auto agent = house_.connect_agent();
    house_.pass_awake(seconds(190));
    return agent;
  }
};
INSTANTIATE_TEST_SUITE_P(Store, GoneAgents, testing::ValuesIn(store_kinds()), name_of);

TEST_P(GoneAgents, AreForgottenADayAfterTheyDisconnected) {
  const auto stays = house_.connect_agent();
  const auto leaves = house_.connect_agent();
  house_.get(house_.store().disconnect_agent({leaves.id, house_.now()}));
  house_.pass(hours(23));
  house_.get(house_.store().heartbeat({stays.id, house_.now()}));
  house_.sweep();
  EXPECT_TRUE(is_there(leaves)) << "it may come back";
  house_.pass(hours(1));
  house_.get(house_.store().heartbeat({stays.id, house_.now()}));
  house_.sweep();
  EXPECT_FALSE(is_there(leaves));
  EXPECT_TRUE(is_there(stays));
}

TEST_P(GoneAgents, AreForgottenADayAfterTheyWereLost) {
  const auto agent = lost_agent();
  EXPECT_TRUE(may_call(agent.token));
  pass_a_day();
  EXPECT_FALSE(may_call(agent.token));
  EXPECT_FALSE(is_there(agent));
}

TEST_P(GoneAgents, KeepTheirDayWhenTheClockIsSetBack) {
  const auto agent = house_.connect_agent();
  const auto build = house_.create_build("steps: [{command: a}]");
  house_.accept(agent, build.follow_ups.runnable.front());
  house_.start(agent, build.follow_ups.runnable.front());
  house_.pass_awake(seconds(190));
  house_.jump(-hours(48));
  EXPECT_TRUE(may_call(agent.token)) << "it comes back within the lease of its job";
}

TEST_P(GoneAgents, AreForgottenADayAfterTheyRegisteredAndNeverConnected) {
  RegisterAgent command{.holder = house_.agent_token(), .description = {}, .now = house_.now()};
  const auto registered = house_.get(house_.store().register_agent(command));
  const support::Worker agent{registered.agent.id, registered.session_token};
  house_.pass(hours(23));
  house_.get(house_.store().connect_agent({agent.id, house_.now()}));
  house_.pass(hours(2));
  EXPECT_TRUE(may_call(agent.token)) << "connected in time";
  const auto never = house_.get(house_.store().register_agent(command)).agent.id;
  pass_a_day();
  EXPECT_EQ(house_.error_of(house_.store().agent(never)), Errc::NotFound);
}

TEST_P(GoneAgents, StayWhenTheyAreHeardAgainInTime) {
  const auto agent = lost_agent();
  house_.pass(hours(23));
  house_.get(house_.store().heartbeat({agent.id, house_.now()}));
  for (int hour = 0; hour < 30; ++hour) {
    house_.pass(hours(1));
    house_.get(house_.store().heartbeat({agent.id, house_.now()}));
    house_.sweep();
  }
  EXPECT_TRUE(may_call(agent.token));
}

TEST_P(GoneAgents, StayAsLongAsABuildNamesThem) {
  const auto agent = house_.connect_agent({}, "ephemeral");
  const auto made = house_.create_build("steps: [{command: a}]");
  house_.run_job(agent, made.follow_ups.runnable.front());
  house_.get(house_.store().disconnect_agent({agent.id, house_.now()}));
  pass_a_day();
  pass_a_day();
  EXPECT_FALSE(may_call(agent.token));
  EXPECT_EQ(house_.get(house_.store().agent(agent.id)).description.name, "ephemeral");
  remove(made.build.id);
  EXPECT_FALSE(is_there(agent));
}

TEST_P(GoneAgents, StayWhenTheyHaveATokenThoughTheirBuildGoes) {
  const auto agent = house_.connect_agent();
  const auto made = house_.create_build("steps: [{command: a}]");
  house_.run_job(agent, made.follow_ups.runnable.front());
  house_.get(house_.store().disconnect_agent({agent.id, house_.now()}));
  remove(made.build.id);
  EXPECT_TRUE(is_there(agent));
  EXPECT_TRUE(may_call(agent.token));
}

TEST_P(GoneAgents, ThatHaveAJobMayComeBackAfterTheHubWasDownForLong) {
  const auto agent = house_.connect_agent();
  const JobId job = house_.create_build("steps: [{command: a}]").follow_ups.runnable.front();
  const auto accepted = house_.accept(agent, job);
  house_.start(agent, job);
  house_.pass_awake(seconds(190));
  ASSERT_EQ(house_.get(house_.store().agent(agent.id)).state, model::AgentState::Lost);
  house_.pass(hours(50));
  house_.reopen();
  house_.sweep();
  EXPECT_TRUE(may_call(agent.token));
  EXPECT_TRUE(may_call(accepted.token));
  house_.get(house_.store().heartbeat({agent.id, house_.now()}));
  EXPECT_EQ(house_.finish(agent, job).state, model::JobState::Finished);
}

TEST_P(GoneAgents, GoInSlicesThatAreShort) {
  RegisterAgent command{.holder = house_.agent_token(), .description = {}, .now = house_.now()};
  std::vector<AgentId> agents;
  for (int count = 0; count < 210; ++count) {
    agents.push_back(house_.get(house_.store().register_agent(command)).agent.id);
  }
  house_.pass(hours(25));
  EXPECT_TRUE(house_.sweep().more);
  EXPECT_FALSE(house_.sweep().more);
  EXPECT_TRUE(house_.get(house_.store().agents(agents)).empty());
}

TEST_P(Agents, AreReadByTheirIdsOnceAndInOrder) {
  const AgentId first = house_.connect_agent().id;
  const AgentId second = house_.connect_agent().id;
  const std::vector<AgentId> wanted = {second, AgentId::make(), first, second};
  const auto found = house_.get(house_.store().agents(wanted));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].id, std::min(first, second));
  EXPECT_EQ(found[1].id, std::max(first, second));
}

}  // namespace
}  // namespace ostler::store
