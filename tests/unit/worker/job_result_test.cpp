// SPDX-License-Identifier: Apache-2.0
#include "worker/job_result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace ostler::worker {
namespace {

using journal::Cause;
using process::Exited;
using process::Signalled;
using testing::HasSubstr;

supervise::Report report(const JobResult& result) { return report_of(result, Cancellation()); }

TEST(JobResult, IsTheCommandsStatus) {
  JobResult result;
  result.command = Exited{7};
  EXPECT_EQ(report(result).exit_status, 7);
  EXPECT_EQ(report(result).cause, Cause::Exited);
}

TEST(JobResult, HasNoStatusWhenASignalKilledTheCommand) {
  JobResult result;
  result.command = Signalled{SIGSEGV};
  EXPECT_EQ(report(result).exit_status, -1);
  EXPECT_EQ(report(result).signal, SIGSEGV);
  EXPECT_EQ(report(result).cause, Cause::Signalled);
}

TEST(JobResult, PutsPreparationBeforeCheckoutBeforeTheCommand) {
  JobResult result;
  result.checkout = PhaseFailure{128, "checkout"};
  EXPECT_EQ(report(result).exit_status, 128);
  EXPECT_EQ(report(result).cause, Cause::SetupFailed);
  result.preparation = PhaseFailure{-1, "no checkout path"};
  EXPECT_EQ(report(result).exit_status, -1);
  EXPECT_EQ(report(result).evidence, "no checkout path");
}

TEST(JobResult, LetsArtifactsFailOnlyAGreenCommand) {
  JobResult result;
  result.artifacts = PhaseFailure{5, "upload"};
  result.command = Exited{0};
  EXPECT_EQ(report(result).exit_status, 5);
  result.command = Exited{3};
  EXPECT_EQ(report(result).exit_status, 3);
}

TEST(JobResult, SaysWhyTheCommandCouldNotRun) {
  JobResult result;
  result.command = Exited{1};
  result.command_evidence = "no `command` to execute";
  EXPECT_EQ(report(result).exit_status, 1);
  EXPECT_EQ(report(result).evidence, "no `command` to execute");
}

TEST(JobResult, OfACancelledJobIsTheCancelSignalWhateverTheCommandMadeOfIt) {
  JobResult result;
  for (const process::ExitStatus& status :
       {process::ExitStatus(Exited{0}), process::ExitStatus(Exited{7}),
        process::ExitStatus(Signalled{SIGKILL})}) {
    result.command = status;
    Cancellation cancellation;
    cancellation.set_signal(SIGINT);
    cancellation.cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(10));
    EXPECT_EQ(report_of(result, cancellation).exit_status, -1);
    EXPECT_EQ(report_of(result, cancellation).signal, SIGINT);
    EXPECT_THAT(report_of(result, cancellation).evidence, HasSubstr(process::describe(status)));
  }
}

TEST(JobResult, KeepsTheTwoSpecialCancelSignals) {
  Cancellation quit;
  quit.set_signal(SIGQUIT);
  quit.cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(10));
  EXPECT_EQ(report_of(JobResult(), quit).exit_status, 131);
  EXPECT_EQ(report_of(JobResult(), quit).signal, 0) << "it exits, no signal ends it";
  Cancellation kill;
  kill.set_signal(SIGKILL);
  kill.cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(10));
  EXPECT_EQ(report_of(JobResult(), kill).signal, SIGTERM);
}

}  // namespace
}  // namespace ostler::worker
