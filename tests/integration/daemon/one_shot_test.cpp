// SPDX-License-Identifier: Apache-2.0
// Agents that are there for one job, or for some time.
#include "integration/daemon/agent_on_fake_hub.hpp"

namespace ostler {
namespace {

using std::chrono::seconds;

class OneShot : public AgentOnFakeHub {
 protected:
  std::optional<support::ExitCode> end() { return agent_->program().wait(seconds(20)); }
};

TEST_F(OneShot, RunsTheJobItWasStartedForAndLeaves) {
  const auto other = hub_->add_job();
  const auto job = hub_->add_job_to_acquire();
  start_agent({"--acquire-job", job});
  EXPECT_EQ(end(), 0) << agent_->program().err();
  expect_delivered_once(job);
  EXPECT_EQ(hub_->job(other).accepts, 0);
  EXPECT_EQ(hub_->last_registration()["ignore_in_dispatches"], true);
  EXPECT_EQ(hub_->live_sessions(), 0);
  EXPECT_TRUE(left_in("sessions").empty());
  EXPECT_TRUE(left_in("run").empty());
}

TEST_F(OneShot, EndsAsItsJobDid) {
  const auto job = hub_->add_job_to_acquire(false, {{"BUILDKITE_COMMAND", "exit 7"}});
  start_agent({"--acquire-job", job, "--reflect-exit-status"});
  EXPECT_EQ(end(), 7) << agent_->program().err();
}

TEST_F(OneShot, EndsWellWhenItsJobFailed) {
  const auto job = hub_->add_job_to_acquire(false, {{"BUILDKITE_COMMAND", "exit 7"}});
  start_agent({"--acquire-job", job});
  EXPECT_EQ(end(), 0) << agent_->program().err();
}

TEST_F(OneShot, SaysThatItsJobIsNotToBeHad) {
  const auto job = hub_->add_job_to_acquire();
  hub_->fail("/acquire", support::ServerReply{422, R"({"message":"taken"})", {}});
  start_agent({"--acquire-job", job, "--reflect-exit-status"});
  EXPECT_EQ(end(), 27) << agent_->program().err();
  EXPECT_EQ(hub_->count("/acquire"), 1);
  EXPECT_EQ(hub_->count("GET /v3/ping"), 1) << "whether it is paused";
  EXPECT_EQ(hub_->live_sessions(), 0);
}

TEST_F(OneShot, WaitsForAJobThatWaitsForOthers) {
  const auto job = hub_->add_job_to_acquire(true);
  start_agent({"--acquire-job", job});
  ASSERT_TRUE(support::wait_until(seconds(10), [&] { return hub_->count("/acquire") >= 2; }));
  hub_->unlock(job);
  EXPECT_EQ(end(), 0) << agent_->program().err();
  expect_delivered_once(job);
}

TEST_F(OneShot, GivesUpAJobThatStaysLocked) {
  const auto job = hub_->add_job_to_acquire(true);
  start_agent({"--acquire-job", job});
  EXPECT_EQ(end(), 28) << agent_->program().err();
  EXPECT_EQ(hub_->count("/acquire"), 7);
}

TEST_F(OneShot, StopsWaitingForItsJobWhenItIsTold) {
  const auto job = hub_->add_job_to_acquire(true);
  hub_->fail("/acquire", support::ServerReply{423, "{}", {{"Retry-After", "300"}}});
  start_agent({"--acquire-job", job});
  ASSERT_TRUE(support::wait_until(seconds(10), [&] { return hub_->count("/acquire") >= 1; }));
  EXPECT_EQ(agent_->stop(), 0) << agent_->program().err();
}

TEST_F(OneShot, RunsItsJobAcrossAKill) {
  const auto job = hub_->add_job_to_acquire(
      false, {{"BUILDKITE_COMMAND", "echo up; until [ -e " + (directory_ / "gate-a").string() +
                                        " ]; do sleep 0.01; done; exit 3"}});
  start_agent({"--acquire-job", job, "--reflect-exit-status"});
  ASSERT_TRUE(wait_up(job));
  agent_->kill();
  agent_->start_again();
  open("a");
  EXPECT_EQ(end(), 3) << agent_->program().err();
  expect_delivered_once(job);
  EXPECT_EQ(hub_->count("/acquire"), 1);
}

TEST_F(OneShot, LeavesAfterItsJobButNotWhilePaused) {
  const auto job = add_waiting_job("a");
  start_agent({"--disconnect-after-job"});
  ASSERT_TRUE(wait_up(job));
  hub_->set_action("pause");
  open("a");
  ASSERT_TRUE(hub_->wait_finished(job));
  EXPECT_EQ(hub_->job(job).finish["ignore_agent_in_dispatches"], true);
  ASSERT_TRUE(support::wait_until(seconds(10), [&] { return hub_->count("paused=1") > 0; }));
  EXPECT_EQ(hub_->live_sessions(), 1);
  hub_->set_action("");
  EXPECT_EQ(end(), 0) << agent_->program().err();
}

TEST_F(OneShot, LeavesWhenItsTimeIsOverAndItsJobIsDone) {
  const auto job = add_waiting_job("a");
  start_agent({"--disconnect-after-uptime", "5"});
  ASSERT_TRUE(wait_up(job));
  ASSERT_TRUE(support::wait_until(seconds(20), [&] {
    return agent_->program().err().find("up for long enough") != std::string::npos;
  }));
  EXPECT_EQ(hub_->job(job).finishes, 0);
  const auto next = hub_->add_job();
  open("a");
  EXPECT_EQ(end(), 0) << agent_->program().err();
  expect_delivered_once(job);
  EXPECT_EQ(hub_->job(next).accepts, 0);
}

TEST_F(OneShot, LeavesAtOnceWhenItsTimeIsOverAndItIsIdle) {
  start_agent({"--disconnect-after-uptime", "1"});
  EXPECT_EQ(end(), 0) << agent_->program().err();
  EXPECT_EQ(hub_->live_sessions(), 0);
}

TEST_F(OneShot, IsNotIdleWhilePaused) {
  hub_->set_action("pause");
  start_agent({"--disconnect-after-idle-timeout", "1"});
  ASSERT_TRUE(support::wait_until(seconds(10), [&] { return hub_->count("paused=1") > 0; }));
  EXPECT_FALSE(agent_->program().wait(seconds(3))) << "a paused agent is not idle";
  hub_->set_action("");
  EXPECT_EQ(end(), 0) << agent_->program().err();
}

}  // namespace
}  // namespace ostler
