// SPDX-License-Identifier: Apache-2.0
#include "console/log_marks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::console {
namespace {

using testing::ElementsAre;

TEST(LastLogLines, ArePlainAndTheLast) {
  EXPECT_THAT(last_log_lines("one\n\x1b_bk;t=1\a\x1b[31mtwo\x1b[0m\r\n\nthree", true, 2),
              ElementsAre("two", "three"));
}

TEST(LastLogLines, LeaveOutWhatTheReasonSays) {
  EXPECT_THAT(last_log_lines("one\n^^^ +++\nuser command error: exit status 1\n", true, 20),
              ElementsAre("one"));
}

TEST(LastLogLines, BeginAtTheBeginOfALine) {
  EXPECT_THAT(last_log_lines("lf a line\nwhole\n", false, 20), ElementsAre("whole"));
  EXPECT_THAT(last_log_lines("no line ends here", false, 20), ElementsAre());
  EXPECT_THAT(last_log_lines("", true, 20), ElementsAre());
}

constexpr const char* kLogOfAFailure =
    "~~~ Preparing working directory\n\x1b[90m# x\x1b[0m\n~~~ Running commands\n--- Compiling\n"
    "\x1b[31m\U0001F6A8 Error: The command exited with status 2\x1b[0m\n^^^ +++\n"
    "~~~ Running global pre-exit hook\n";

TEST(FailedPhase, IsThatOfTheFirstFailure) {
  EXPECT_EQ(failed_phase(kLogOfAFailure), "Running commands");
}

TEST(FailedPhase, IsThatOfTheCommandWhoseHeaderIsTooFarAway) {
  EXPECT_EQ(
      failed_phase("the end of much\n\x1b[31m\U0001F6A8 Error: The command exited with status 2"
                   "\x1b[0m\n^^^ +++\n~~~ Uploading artifacts\nnothing\n"),
      "Running commands");
}

TEST(FailedPhase, IsTheLastWhenNoFailureIsTold) {
  EXPECT_EQ(failed_phase("~~~ Preparing\x1b[2J\nx\n~~~ Running commands\n--- a\n"),
            "Running commands");
  EXPECT_EQ(failed_phase("no header\n"), "");
  EXPECT_EQ(failed_phase("\U0001F6A8 Error: early\n~~~ Cleaning up\n"), "Cleaning up");
}

}  // namespace
}  // namespace ostler::console
