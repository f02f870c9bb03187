// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <ctime>

#include "integration/keeper/driven_keeper.hpp"

namespace ostler::keeper {
namespace {

using journal::Cause;
using supervise::Cancel;
using supervise::CancelReason;

std::int64_t boot_time_ns() { return SystemClock().since_boot().count(); }

TEST(KeeperCancel, PassesTheReasonOnAndIntoTheVerdict) {
  DrivenKeeper keeper;
  keeper.give("started\noutput ready\nwait-cancel\nreport 143\n");
  keeper.await_output("ready");
  keeper.send(Cancel{.reason = CancelReason::Timeout});
  const auto journal = keeper.finish();
  EXPECT_THAT(journal.output, testing::HasSubstr("cancel 2\n"));
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, Cause::TimedOut);
  EXPECT_EQ(journal.verdict->exit_status, 143);
}

TEST(KeeperCancel, AsksTheWorkerToKillWhenTheGraceIsOver) {
  DrivenKeeper keeper;
  keeper.give("started\noutput ready\nwait-kill\noutput last words\nreport-signal 9\n");
  keeper.await_output("ready");
  keeper.send(Cancel{.signal_timeout_ms = 20});
  const auto journal = keeper.finish();
  EXPECT_EQ(journal.output, "ready\nlast words\n");
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, Cause::Cancelled);
  EXPECT_EQ(journal.verdict->signal, SIGKILL);
}

TEST(KeeperCancel, KillsAWorkerThatIsDeafWithAllItsProcesses) {
  DrivenKeeper keeper;
  const std::string mark = "deaf-" + keeper.job_id();
  keeper.give("started\noutput ready\nshell trap '' TERM; echo " + mark + "; sleep 1000\n");
  keeper.await_output("ready");
  const std::int64_t begin = boot_time_ns();
  keeper.send(Cancel{.signal_timeout_ms = 100});
  keeper.await<supervise::Done>();
  const std::int64_t took_ms = (boot_time_ns() - begin) / 1'000'000;
  EXPECT_FALSE(is_running(mark));
  EXPECT_GE(took_ms, 100);
  EXPECT_LT(took_ms, 15'000);
  const auto journal = keeper.finish();
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, Cause::Cancelled);
  EXPECT_EQ(journal.verdict->exit_status, -1);
}

TEST(KeeperCancel, EndsEarlierWhenASecondCancelLeavesLessTime) {
  DrivenKeeper keeper;
  keeper.give("started\noutput ready\nhang\n");
  keeper.await_output("ready");
  keeper.send(Cancel{.reason = CancelReason::UserCancel, .signal_timeout_ms = 3'600'000});
  keeper.send(Cancel{.reason = CancelReason::AgentStop, .signal_timeout_ms = 1});
  const auto journal = keeper.finish();
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, Cause::Cancelled);
}

TEST(KeeperCancel, StopsAJobWhoseLeaseEndsWithNoAgentAlive) {
  DrivenKeeper keeper;
  keeper.give("started\noutput ready\nhang\n");
  keeper.await_output("ready");
  keeper.send(supervise::Lease{.until_ns = boot_time_ns() + 50'000'000,
                               .on_lost = journal::OnLeaseLost::Stop,
                               .signal_timeout_ms = 20});
  keeper.drop_agent();
  const auto journal = keeper.finish();
  EXPECT_TRUE(journal.has(journal::RecordType::Lease));
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, Cause::LeaseLost);
}

TEST(KeeperCancel, LetsAJobRunWhoseLeaseEndsWithPolicyFinish) {
  DrivenKeeper keeper;
  keeper.hello();
  keeper.send(supervise::Lease{.until_ns = boot_time_ns() - 1});
  keeper.send(supervise::Job{"started\nrequest hold\nreport 0\n"});
  const auto request = keeper.await<supervise::ApiRequest>();
  keeper.send(supervise::ApiReply{.id = request.id, .status = 200});
  const auto journal = keeper.finish();
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, Cause::Exited);
}

TEST(KeeperCancel, TakesTheEndOfTheMachineAsAnAgentStop) {
  DrivenKeeper keeper;
  keeper.give("started\noutput ready\nwait-cancel\nreport 1\n");
  keeper.await_output("ready");
  ASSERT_EQ(::kill(keeper.pid(), SIGTERM), 0);
  const auto journal = keeper.finish();
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, Cause::AgentStopped);
}

}  // namespace
}  // namespace ostler::keeper
