// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

#include "integration/worker/driven_job.hpp"

namespace ostler::worker {
namespace {

using journal::Cause;
using std::chrono::milliseconds;
using supervise::CancelReason;
using testing::HasSubstr;

constexpr milliseconds kLong{20'000};

TEST(Cancel, SignalsTheCommandAndLetsItCleanUp) {
  DrivenJob driven("trap 'echo cleaning; exit 7' TERM; echo ready; sleep 600 & wait");
  driven.start();
  driven.await_output("\nready\n");
  driven.cancel(CancelReason::UserCancel, kLong);
  const FinishedJob job = driven.finish();
  EXPECT_EQ(job.verdict.cause, Cause::Cancelled);
  EXPECT_EQ(job.verdict.exit_status, -1);
  EXPECT_EQ(job.verdict.signal, SIGTERM);
  EXPECT_THAT(job.text, HasSubstr("# Received cancellation signal, interrupting"));
  EXPECT_THAT(job.text, HasSubstr("\ncleaning\n"));
  EXPECT_THAT(job.verdict.evidence, HasSubstr("exit status 7"));
}

TEST(Cancel, SendsTheSignalOfTheJob) {
  DrivenJob driven("trap 'echo interrupted; exit 1' INT; echo ready; sleep 600 & wait",
                   {{"BUILDKITE_CANCEL_SIGNAL", "SIGINT"}});
  driven.start();
  driven.await_output("\nready\n");
  driven.cancel(CancelReason::Timeout, kLong);
  const FinishedJob job = driven.finish();
  EXPECT_EQ(job.verdict.cause, Cause::TimedOut);
  EXPECT_EQ(job.verdict.signal, SIGINT);
  EXPECT_THAT(job.text, HasSubstr("\ninterrupted\n"));
}

TEST(Cancel, KillsACommandThatIgnoresItWithinTheGrace) {
  for (const char* terminal : {"true", "false"}) {
    DrivenJob driven("trap '' TERM; echo ready; while :; do sleep 0.05; done",
                     {{"BUILDKITE_PTY", terminal}});
    driven.start();
    driven.await_output("\nready\n");
    const auto begin = std::chrono::steady_clock::now();
    driven.cancel(CancelReason::UserCancel, milliseconds(500));
    const FinishedJob job = driven.finish();
    const auto took = std::chrono::steady_clock::now() - begin;
    EXPECT_EQ(job.verdict.cause, Cause::Cancelled);
    EXPECT_EQ(job.verdict.exit_status, -1);
    EXPECT_GE(took, milliseconds(500));
    EXPECT_LT(took, milliseconds(15'000));  // 750 ms on an idle machine
  }
}

TEST(Cancel, BeforeTheCommandRunsNothing) {
  DrivenJob driven("echo never");
  driven.start();
  driven.cancel(CancelReason::UserCancel, kLong);
  const FinishedJob job = driven.finish();
  // The cancel may come too late on a quick machine; then the command has ended as it would.
  if (job.verdict.cause == Cause::Cancelled) {
    EXPECT_EQ(job.verdict.exit_status, -1);
  } else {
    EXPECT_EQ(job.verdict.exit_status, 0);
  }
}

}  // namespace
}  // namespace ostler::worker
