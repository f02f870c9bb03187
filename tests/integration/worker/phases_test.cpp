// SPDX-License-Identifier: Apache-2.0
// Checkout and artifact upload as the worker sees them: children of ostler-host, here a script.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/worker/driven_job.hpp"

namespace ostler::worker {
namespace {

using journal::Cause;
using testing::HasSubstr;
using testing::Not;

const DrivenJob::Variables kCheckout = {{"BUILDKITE_SKIP_CHECKOUT", "false"},
                                        {"BUILDKITE_COMMIT", "HEAD"}};

TEST(Checkout, HandsItsFindingsToTheCommand) {
  DrivenJob driven("echo commit=$BUILDKITE_COMMIT mirror=$BUILDKITE_REPO_MIRROR", kCheckout);
  driven.use_host(
      "echo asked for $1 at $PWD\n"
      "echo '{\"commit\":\"0123abcd\",\"mirror\":\"/m/x\"}' >&4");
  const FinishedJob job = driven.finish();
  EXPECT_EQ(job.verdict.exit_status, 0);
  EXPECT_THAT(job.text, HasSubstr("asked for job-checkout at " + driven.directory().string()));
  EXPECT_THAT(job.text, HasSubstr("\ncommit=0123abcd mirror=/m/x\n"));
}

TEST(Checkout, FailsTheJobWithItsStatus) {
  DrivenJob driven("echo never", kCheckout);
  driven.use_host("echo no such repository; exit 94");
  const FinishedJob job = driven.finish();
  EXPECT_EQ(job.verdict.cause, Cause::SetupFailed);
  EXPECT_EQ(job.verdict.exit_status, 94);
  EXPECT_FALSE(job.started);
  EXPECT_THAT(job.text, HasSubstr("no such repository\n"));
  EXPECT_THAT(job.text, Not(HasSubstr("never")));
}

TEST(Checkout, FailsTheJobWhenItSaysNothing) {
  DrivenJob driven("true", kCheckout);
  driven.use_host("exit 0");
  const FinishedJob job = driven.finish();
  EXPECT_EQ(job.verdict.cause, Cause::SetupFailed);
  EXPECT_EQ(job.verdict.exit_status, 1);
  EXPECT_THAT(job.text, HasSubstr("job-checkout wrote no result"));
}

TEST(Checkout, IsCancelledLikeACommand) {
  DrivenJob driven("echo never", kCheckout);
  driven.use_host("trap 'echo stopped; exit 143' TERM; echo fetching; sleep 600 & wait");
  driven.start();
  driven.await_output("fetching\n");
  driven.cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(20));
  const FinishedJob job = driven.finish();
  EXPECT_EQ(job.verdict.cause, Cause::Cancelled);
  EXPECT_EQ(job.verdict.exit_status, -1);
  EXPECT_THAT(job.text, HasSubstr("\nstopped\n"));
  EXPECT_THAT(job.text, Not(HasSubstr("never")));
}

const DrivenJob::Variables kArtifacts = {{"BUILDKITE_ARTIFACT_PATHS", "dist/*;out put/**"}};

TEST(Artifacts, AreUploadedAfterTheCommandWithAllPathsAsOneWord) {
  DrivenJob driven("echo built", kArtifacts);
  driven.env()["BUILDKITE_ARTIFACT_UPLOAD_DESTINATION"] = "s3://bucket";
  driven.use_host(
      "for word; do echo \"word: $word\"; done; echo status=$BUILDKITE_COMMAND_EXIT_STATUS");
  const FinishedJob job = driven.finish();
  EXPECT_EQ(job.verdict.exit_status, 0);
  EXPECT_THAT(job.text, HasSubstr("\nbuilt\n~~~ Uploading artifacts\n"));
  EXPECT_THAT(job.text, HasSubstr("ostler artifact upload \"dist/*;out put/**\" s3://bucket\n"));
  EXPECT_THAT(job.text, HasSubstr("word: artifact\nword: upload\nword: dist/*;out put/**\n"
                                  "word: s3://bucket\nstatus=0\n"));
}

TEST(Artifacts, AreUploadedAfterAFailedCommandWhoseStatusStands) {
  DrivenJob driven("exit 3", kArtifacts);
  driven.use_host("echo uploading; exit 5");
  const FinishedJob job = driven.finish();
  EXPECT_EQ(job.verdict.exit_status, 3);
  EXPECT_THAT(job.text, HasSubstr("\nuploading\n"));
}

TEST(Artifacts, FailAGreenCommand) {
  DrivenJob driven("true", kArtifacts);
  driven.use_host("exit 5");
  const FinishedJob job = driven.finish();
  EXPECT_EQ(job.verdict.cause, Cause::Exited);
  EXPECT_EQ(job.verdict.exit_status, 5);
  EXPECT_THAT(job.verdict.evidence, HasSubstr("artifact upload"));
}

TEST(Artifacts, AreUploadedWithinTheGraceOfACancelledJob) {
  DrivenJob driven("echo ready; sleep 600", kArtifacts);
  driven.use_host("echo cancelled=$BUILDKITE_JOB_CANCELLED timed_out=$BUILDKITE_JOB_TIMED_OUT");
  driven.start();
  driven.await_output("\nready\n");
  driven.cancel(supervise::CancelReason::Timeout, std::chrono::seconds(20));
  const FinishedJob job = driven.finish();
  EXPECT_EQ(job.verdict.cause, Cause::TimedOut);
  EXPECT_THAT(job.text, HasSubstr("\ncancelled=true timed_out=true\n"));
}

TEST(Artifacts, AreNotWaitedForBeyondTheGrace) {
  DrivenJob driven("echo ready; sleep 600", kArtifacts);
  driven.use_host("sleep 3600.125");
  driven.start();
  driven.await_output("\nready\n");
  driven.cancel(supervise::CancelReason::UserCancel, std::chrono::milliseconds(400));
  const FinishedJob job = driven.finish();
  EXPECT_EQ(job.verdict.cause, Cause::Cancelled);
  EXPECT_FALSE(is_running("3600.125"));
}

}  // namespace
}  // namespace ostler::worker
