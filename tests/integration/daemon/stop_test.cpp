// SPDX-License-Identifier: Apache-2.0
#include "integration/daemon/agent_on_fake_hub.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;

class Stop : public AgentOnFakeHub {
 protected:
  bool has_said(const std::string& text) {
    return support::wait_until(
        10s, [&] { return agent_->program().err().find(text) != std::string::npos; });
  }
};

TEST_F(Stop, FirstSignalLetsTheJobEnd) {
  start_agent();
  const auto job = add_waiting_job("end");
  ASSERT_TRUE(wait_up(job));
  agent_->program().signal(SIGTERM);
  ASSERT_TRUE(has_said("stopping"));
  const auto late = hub_->add_job();
  open("end");
  EXPECT_EQ(agent_->program().wait(10s), 0) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "0") << log_of(job);
  EXPECT_EQ(hub_->job(late).accepts, 0);
  EXPECT_EQ(hub_->live_sessions(), 0);
}

TEST_F(Stop, SecondSignalCancelsTheJobAsAgentStop) {
  start_agent();
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo up; exec sleep 1000"}});
  ASSERT_TRUE(wait_up(job));
  agent_->program().signal(SIGTERM);
  ASSERT_TRUE(has_said("stopping: "));
  agent_->program().signal(SIGTERM);
  EXPECT_EQ(agent_->program().wait(10s), 0) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finish["signal_reason"], "agent_stop") << hub_->job(job).finish;
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "-1");
  expect_delivered_once(job);
  EXPECT_TRUE(left_in("jobs").empty());
}

TEST_F(Stop, QuitSignalCancelsAtOnce) {
  start_agent();
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo up; exec sleep 1000"}});
  ASSERT_TRUE(wait_up(job));
  agent_->program().signal(SIGQUIT);
  EXPECT_EQ(agent_->program().wait(10s), 0) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finish["signal_reason"], "agent_stop");
}

TEST_F(Stop, ForcedStopEndsInTimeThoughTheServerIsGoneAndLosesNothing) {
  start_agent({"--cancel-cleanup-timeout", "1s"});
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo up; exec sleep 1000"}});
  ASSERT_TRUE(wait_up(job));
  hub_->fail("/v3/", support::ServerReply{500, ""});
  agent_->program().signal(SIGQUIT);
  EXPECT_EQ(agent_->program().wait(20s), 1);
  hub_->heal();
  agent_->start_again();
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finish["signal_reason"], "agent_stop");
  expect_delivered_once(job);
}

TEST_F(Stop, ThirdSignalEndsAtOnce) {
  start_agent({}, "60s");
  const auto job = hub_->add_job(
      {{"BUILDKITE_COMMAND", "trap '' TERM; echo up; while true; do sleep 0.1; done"}});
  ASSERT_TRUE(wait_up(job));
  agent_->program().signal(SIGTERM);
  ASSERT_TRUE(has_said("stopping: "));
  agent_->program().signal(SIGTERM);
  ASSERT_TRUE(has_said("stopping now"));
  agent_->program().signal(SIGTERM);
  EXPECT_EQ(agent_->program().wait(20s), 1);
}

TEST_F(Stop, HangupDoesNothing) {
  start_agent();
  ASSERT_TRUE(has_said("waiting for jobs"));
  agent_->program().signal(SIGHUP);
  const auto job = hub_->add_job();
  EXPECT_TRUE(hub_->wait_finished(job));
  expect_clean_stop();
}

TEST_F(Stop, DisconnectAfterJobEndsTheAgentAndSaysSo) {
  start_agent({"--disconnect-after-job"});
  const auto job = hub_->add_job();
  ASSERT_TRUE(hub_->wait_finished(job));
  EXPECT_EQ(hub_->job(job).finish["ignore_agent_in_dispatches"], true);
  EXPECT_EQ(agent_->program().wait(10s), 0);
}

TEST_F(Stop, IdleTimeoutEndsTheAgent) {
  start_agent({"--disconnect-after-idle-timeout", "1"});
  EXPECT_EQ(agent_->program().wait(15s), 0) << agent_->program().err();
  EXPECT_EQ(hub_->live_sessions(), 0);
}

TEST_F(Stop, DisconnectFromTheServerEndsTheAgent) {
  hub_->fail("GET /v3/ping", support::ServerReply{200, R"({"action":"disconnect"})"}, 1);
  start_agent();
  EXPECT_EQ(agent_->program().wait(10s), 0) << agent_->program().err();
}

}  // namespace
}  // namespace ostler
