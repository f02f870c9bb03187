// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/worker/driven_job.hpp"

namespace ostler::worker {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Output, HidesSecretsEvenWhenTheyComeInPieces) {
  const FinishedJob job =
      DrivenJob("printf 'a hunter2'; sleep 0.2; printf 'hunter2 b\\n'; echo $DB_PASSWORD",
                {{"DB_PASSWORD", "hunter2hunter2"}})
          .finish();
  EXPECT_THAT(job.text, HasSubstr("a [REDACTED] b\n[REDACTED]\n"));
  // The prompt shows the two halves as they were written; the whole never appears.
  EXPECT_THAT(job.log, Not(HasSubstr("hunter2hunter2")));
}

TEST(Output, HidesSecretsInOurOwnLines) {
  const FinishedJob job = DrivenJob("echo inline-secret", {{"MY_TOKEN", "inline-secret"}}).finish();
  EXPECT_THAT(job.text, Not(HasSubstr("inline-secret")));
  EXPECT_THAT(job.text, HasSubstr("echo [REDACTED]\n[REDACTED]\n"));
}

TEST(Output, WarnsAboutValuesThatAreTooShortToHide) {
  const FinishedJob job = DrivenJob("true", {{"A_SECRET", "abc"}}).finish();
  EXPECT_THAT(job.text, HasSubstr("will not be redacted: A_SECRET"));
  EXPECT_THAT(job.text, HasSubstr("--disable-warnings-for short-redacted-vars"));
}

TEST(Output, IsWholeHoweverMuchThereIs) {
  for (const char* terminal : {"true", "false"}) {
    const FinishedJob job = DrivenJob("seq 1 200000", {{"BUILDKITE_PTY", terminal}}).finish();
    std::string expected;
    for (int i = 1; i <= 200000; ++i) expected += std::to_string(i) + "\n";
    EXPECT_TRUE(job.text.find("\n" + expected) != std::string::npos) << "terminal: " << terminal;
  }
}

TEST(Output, OfABackgroundChildHoldsNobody) {
  const std::string mark = "3600.25";
  for (const char* terminal : {"true", "false"}) {
    const FinishedJob job =
        DrivenJob("trap '' HUP; sleep " + mark + " & echo done", {{"BUILDKITE_PTY", terminal}})
            .finish();
    EXPECT_EQ(job.verdict.exit_status, 0);
    EXPECT_THAT(job.text, HasSubstr("\ndone\n"));
    EXPECT_FALSE(is_running(mark));
  }
}

TEST(Output, OfADaemonEndsWithTheJob) {
  const std::string mark = "3600.75";
  const FinishedJob job = DrivenJob("setsid sleep " + mark + " & sleep 0.1; echo done").finish();
  EXPECT_EQ(job.verdict.exit_status, 0);
  EXPECT_FALSE(is_running(mark));
}

TEST(Output, OfALateWriterIsStillLoggedWhileTheJobRuns) {
  for (const char* terminal : {"true", "false"}) {
    DrivenJob driven(
        "trap '' HUP; (while [ ! -e go ]; do sleep 0.02; done; echo late; touch gone) & "
        "echo early",
        {{"BUILDKITE_ARTIFACT_PATHS", "x"}, {"BUILDKITE_PTY", terminal}});
    driven.use_host("touch go; while [ ! -e gone ]; do sleep 0.02; done; echo uploaded");
    const FinishedJob job = driven.finish();
    EXPECT_EQ(job.verdict.exit_status, 0);
    EXPECT_THAT(job.text, HasSubstr("\nearly\n"));
    EXPECT_THAT(job.text, HasSubstr("\nlate\n"));
    EXPECT_THAT(job.text, HasSubstr("\nuploaded\n"));
  }
}

TEST(Output, OfOursBeginsOnALineOfItsOwn) {
  const FinishedJob job = DrivenJob("printf 'no newline'; exit 3").finish();
  EXPECT_THAT(job.text, HasSubstr("no newline\n\x1b[31m🚨 Error: The command exited"));
}

}  // namespace
}  // namespace ostler::worker
