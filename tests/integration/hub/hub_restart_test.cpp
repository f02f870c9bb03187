// SPDX-License-Identifier: Apache-2.0
// What has been acknowledged survives a hub that is killed.
#include <csignal>

#include "scripted_agent.hpp"

namespace ostler {
namespace {

class HubRestart : public HubTest {
 protected:
  void kill_and_start_again() {
    hub_.kill();
    hub_.start_again();
  }
};

TEST_F(HubRestart, AJobGoesOnAcrossKills) {
  ScriptedAgent agent(hub_);
  const std::string job = make_job();
  ASSERT_EQ(agent.ping(10), job);
  kill_and_start_again();
  const auto accepted = agent.accept(job);
  kill_and_start_again();
  EXPECT_EQ(agent.accept(job), accepted) << "the answer was lost, the job was not";
  EXPECT_EQ(agent.start(job).status, 200);
  EXPECT_EQ(agent.chunk(job, 1, 0, "before\n").status, 200);
  kill_and_start_again();
  EXPECT_EQ(agent.state(job), "running");
  EXPECT_EQ(agent.chunk(job, 1, 0, "before\n").status, 200) << "sent again to be sure";
  EXPECT_EQ(agent.chunk(job, 2, 7, "after\n").status, 200);
  EXPECT_EQ(agent.finish(job, "7").status, 200);
  kill_and_start_again();
  EXPECT_EQ(agent.finish(job, "7").status, 200);
  EXPECT_EQ(hub_.log(pipeline_, 1), "before\nafter\n");
  EXPECT_EQ(hub_.build(pipeline_, 1)["jobs"][0]["exit_status"], 7);
}

TEST_F(HubRestart, WaitingJobsAreOfferedAfterwards) {
  const std::string job = make_job();
  const ScriptedAgent agent(hub_);
  ASSERT_EQ(agent.ping(10), job);
  kill_and_start_again();
  EXPECT_EQ(agent.ping(10), job);
}

TEST_F(HubRestart, AStoppedHubAnswersThoseWhoWaitAndEndsWell) {
  const ScriptedAgent agent(hub_);
  WaitingPings pings(agent);
  ASSERT_EQ(pings.superseded().status, 200) << "so the other one has come, and waits";
  hub_.program().signal(SIGTERM);
  EXPECT_EQ(hub_.program().wait(std::chrono::seconds(15)), 0) << hub_.program().err();
  EXPECT_EQ(pings.standing().status, 200);
}

}  // namespace
}  // namespace ostler
