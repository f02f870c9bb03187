// SPDX-License-Identifier: Apache-2.0
#include "integration/daemon/agent_on_fake_hub.hpp"
#include "process/job_groups.hpp"
#include "supervise/job_lock.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using support::ServerReply;

class JobLife : public AgentOnFakeHub {};

TEST_F(JobLife, RunsAJobFromPingToFinish) {
  start_agent();
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo hello from the job"}});
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  const auto found = hub_->job(job);
  EXPECT_EQ(found.finish["exit_status"], "0");
  EXPECT_FALSE(found.finish.contains("signal_reason"));
  EXPECT_EQ(found.finish["chunks_failed_count"], 0);
  EXPECT_EQ(found.accepts, 1);
  EXPECT_EQ(found.starts, 1);
  expect_delivered_once(job);
  EXPECT_NE(log_of(job).find("hello from the job"), std::string::npos) << log_of(job);
  expect_clean_stop();
}

TEST_F(JobLife, ReportsTheExitStatusOfTheCommand) {
  start_agent();
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "exit 17"}});
  ASSERT_TRUE(hub_->wait_finished(job));
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "17");
}

TEST_F(JobLife, HasAControlGroupWhereThereAreAny) {
  if (!process::find_job_groups()) GTEST_SKIP() << "no control groups of version 2 here";
  start_agent();
  const auto job = add_waiting_job("open");
  ASSERT_TRUE(wait_up(job)) << agent_->program().err();
  const auto lock = supervise::read_job_lock(agent_->state() / "jobs" / job);
  open("open");
  ASSERT_TRUE(lock);
  EXPECT_EQ(std::filesystem::path(lock.value().cgroup).parent_path(), *process::find_job_groups());
  EXPECT_TRUE(hub_->wait_finished(job));
}

TEST_F(JobLife, PollsAServerThatHoldsNoCalls) {
  hub_.emplace(support::FakeHubOptions{.waits = false});
  start_agent();
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo polled"}});
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_EQ(hub_->count("wait="), 0);
}

TEST_F(JobLife, RunsAsManyJobsAtOnceAsThereAreSlots) {
  start_agent({"--spawn", "2"});
  const auto one = add_waiting_job("both");
  const auto two = add_waiting_job("both");
  ASSERT_TRUE(wait_up(one)) << agent_->program().err();
  ASSERT_TRUE(wait_up(two)) << agent_->program().err();
  open("both");
  EXPECT_TRUE(hub_->wait_finished(one));
  EXPECT_TRUE(hub_->wait_finished(two));
  EXPECT_EQ(hub_->registrations(), 2);
  expect_clean_stop();
}

TEST_F(JobLife, CancelledByTheServerEndsWithTheSignalAndTheReason) {
  start_agent();
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo up; exec sleep 1000"}});
  ASSERT_TRUE(wait_up(job));
  hub_->cancel_job(job);
  ASSERT_TRUE(hub_->wait_finished(job));
  const auto finish = hub_->job(job).finish;
  EXPECT_EQ(finish["exit_status"], "-1") << finish;
  EXPECT_EQ(finish["signal"], "SIGTERM") << finish;
  EXPECT_EQ(finish["signal_reason"], "cancel") << finish;
  expect_delivered_once(job);
}

TEST_F(JobLife, OutOfTimeIsReportedAsACancel) {
  start_agent();
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo up; exec sleep 1000"}});
  ASSERT_TRUE(wait_up(job));
  hub_->cancel_job(job, "timing_out");
  ASSERT_TRUE(hub_->wait_finished(job));
  EXPECT_EQ(hub_->job(job).finish["signal_reason"], "cancel");
}

TEST_F(JobLife, StartThatIsRefusedCancelsTheJobAndReportsNothing) {
  hub_->fail("/start", ServerReply{422, R"({"message":"cancelled meanwhile"})"});
  start_agent();
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "exec sleep 1000"}});
  ASSERT_TRUE(support::wait_until(20s, [&] {
    return agent_->program().err().find("job delivered") != std::string::npos;
  })) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finishes, 0);
  EXPECT_TRUE(hub_->job(job).chunks.empty());
  expect_clean_stop();
}

TEST_F(JobLife, FinishThatIsRefusedEndsTheJob) {
  hub_->fail("/finish", ServerReply{422, R"({"message":"already finished"})"});
  start_agent();
  const auto job = hub_->add_job();
  ASSERT_TRUE(support::wait_until(20s, [&] {
    return agent_->program().err().find("job delivered") != std::string::npos;
  })) << agent_->program().err();
  EXPECT_EQ(hub_->count("/finish"), 1);
  expect_clean_stop();
}

TEST_F(JobLife, RefusedAcceptLeavesNothingAndTheSlotGoesOn) {
  hub_->fail("/accept", ServerReply{503, ""}, 1);
  start_agent();
  const auto job = hub_->add_job();
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).accepts, 1);
  EXPECT_EQ(hub_->count("/accept"), 2);
  expect_clean_stop();
}

TEST_F(JobLife, CommandsOfAJobReachTheServerThroughTheAgent) {
  start_agent();
  const auto job = hub_->add_job(
      {{"BUILDKITE_COMMAND",
        "ostler meta-data set colour blue && echo colour=$(ostler meta-data get colour)"}});
  ASSERT_TRUE(hub_->wait_finished(job));
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "0") << log_of(job);
  EXPECT_NE(log_of(job).find("colour=blue"), std::string::npos) << log_of(job);
}

TEST_F(JobLife, CommandsWhosePaceTheServerSetsTellItHowOftenTheyFailed) {
  start_agent();
  hub_->fail("/pipelines", support::ServerReply{503, R"({"message":"later"})"}, 1);
  const auto job = hub_->add_job(
      {{"BUILDKITE_COMMAND", "echo 'steps: [{command: x}]' | ostler pipeline upload || true"}});
  ASSERT_TRUE(hub_->wait_finished(job));
  EXPECT_EQ(hub_->backoff_sequences(), (std::vector<std::string>{"0", "1"})) << log_of(job);
}

TEST_F(JobLife, JobsDoNotInheritTheAgentsToken) {
  ::setenv("BUILDKITE_AGENT_TOKEN", "must-not-leak", 1);
  start_agent();
  ::unsetenv("BUILDKITE_AGENT_TOKEN");
  const auto job =
      hub_->add_job({{"BUILDKITE_COMMAND", "env | grep -c ^BUILDKITE_AGENT_TOKEN=; true"}});
  ASSERT_TRUE(hub_->wait_finished(job));
  EXPECT_NE(log_of(job).find("\n0\n"), std::string::npos) << log_of(job);
}

TEST_F(JobLife, LongOutputArrivesWholeAndInOrder) {
  start_agent();
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "seq 1 100000"}});
  ASSERT_TRUE(hub_->wait_finished(job, std::chrono::seconds(60))) << agent_->program().err();
  expect_delivered_once(job);
  std::string expected;
  for (int i = 1; i <= 100'000; ++i) expected += std::to_string(i) + "\n";
  EXPECT_NE(log_of(job).find(expected), std::string::npos);
  EXPECT_GT(hub_->job(job).chunks.size(), 10u);
}

}  // namespace
}  // namespace ostler
