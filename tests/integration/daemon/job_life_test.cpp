// SPDX-License-Identifier: Apache-2.0
#include "integration/daemon/agent_on_fake_hub.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;

class JobLife : public AgentOnFakeHub {};

TEST_F(JobLife, RunsAJobFromPingToFinish) {
  start_agent();
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo hello from the job"}});
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  const auto found = hub_->job(job);
  EXPECT_EQ(found.finish["exit_status"], "0");
  EXPECT_FALSE(found.finish.contains("signal_reason"));
  EXPECT_EQ(found.accepts, 1);
  EXPECT_EQ(found.starts, 1);
  EXPECT_EQ(found.finishes, 1);
  EXPECT_TRUE(found.is_contiguous());
  EXPECT_NE(log_of(job).find("hello from the job"), std::string::npos) << log_of(job);
  EXPECT_EQ(agent_->stop(), 0) << agent_->program().err();
  EXPECT_TRUE(left_in("jobs").empty());
  EXPECT_TRUE(left_in("sessions").empty());
  EXPECT_EQ(hub_->live_sessions(), 0);
}

}  // namespace
}  // namespace ostler
