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

constexpr const char* kCheckout = "~~~ Preparing working directory\n# Fetching\n# Checked out\n";

TEST(LastLogLines, LeaveOutThePartsBefore) {
  const std::string log = std::string(kCheckout) + "~~~ Running commands\n$ make\n--- a\nup\n";
  EXPECT_THAT(last_log_lines(log, true, 20),
              ElementsAre("~~~ Running commands", "$ make", "--- a", "up"));
  EXPECT_THAT(
      last_log_lines(log + "~~~ Running pre-exit hook\n", true, 20),
      ElementsAre("~~~ Running commands", "$ make", "--- a", "up", "~~~ Running pre-exit hook"))
      << "the last part has no lines";
}

TEST(LinesOfFailure, LeaveOutThePartsBefore) {
  const std::string end =
      "\U0001F6A8 Error: The command exited with status 2\n~~~ Cleaning up\nx\n";
  const std::string log = std::string(kCheckout) + "~~~ Running commands\n$ make\nno rule\n";
  EXPECT_THAT(lines_of_failure(log + end, true, 20),
              ElementsAre("~~~ Running commands", "$ make", "no rule"));
  EXPECT_THAT(
      lines_of_failure(log + "~~~ of the command\nlast\n" + end, true, 20),
      ElementsAre("~~~ Running commands", "$ make", "no rule", "~~~ of the command", "last"))
      << "a command prints what it likes";
  EXPECT_THAT(lines_of_failure(log + "~~~ Running post-command hook\nno mail\n"
                                     "\U0001F6A8 Error: The hook exited with status 1\n",
                               true, 20),
              ElementsAre("~~~ Running post-command hook", "no mail",
                          "\U0001F6A8 Error: The hook exited with status 1"))
      << "the command has not failed";
}

TEST(LinesOfFailure, LeaveOutWhatCameAfterIt) {
  const std::string crash = "\U0001F6A8 Error: zoo#1 error (plugin_crashed): SIGSEGV";
  const std::string log = "~~~ Running plugin zoo#1\nbefore\n\x1b[31m" + crash +
                          "\x1b[0m\n# used 1 s\n~~~ Uploading artifacts\nFound 900 files\n";
  EXPECT_THAT(lines_of_failure(log, true, 3), ElementsAre("before", crash, "# used 1 s"));
  EXPECT_TRUE(tells_of_failure(log));
}

TEST(LinesOfFailure, LeaveOutHowTheCommandEnded) {
  for (const char* end : {"The command exited with status 2",
                          "The command was interrupted by a signal: signal SIGKILL (9)"}) {
    const std::string log = std::string("half\nno rule\n\U0001F6A8 Error: ") + end +
                            "\n~~~ Uploading artifacts\nFound 900 files\n";
    EXPECT_THAT(lines_of_failure(log, false, 20), ElementsAre("no rule"));
    EXPECT_TRUE(tells_of_failure(log));
  }
}

TEST(LinesOfFailure, AreTheLastOnesWhereNoneIsTold) {
  const std::string log = "\U0001F6A8 Error: of a test\n~~~ Uploading artifacts\nFound 900 files\n";
  EXPECT_THAT(lines_of_failure(log, true, 1), ElementsAre("Found 900 files"));
  EXPECT_FALSE(tells_of_failure(log)) << "nobody knows whether the agent says that";
}

constexpr const char* kLogOfAFailure =
    "~~~ Preparing working directory\n\x1b[90m# x\x1b[0m\n~~~ Running commands\n--- Compiling\n"
    "\x1b[31m\U0001F6A8 Error: The command exited with status 2\x1b[0m\n^^^ +++\n"
    "~~~ Running global pre-exit hook\n";

LoggedFailure failure(const std::string& phase, const std::string& fault = {}) {
  return {phase, fault};
}

TEST(LoggedFailure, IsInThePhaseOfTheFirstFailure) {
  EXPECT_EQ(logged_failure(kLogOfAFailure), failure("Running commands"));
}

TEST(LoggedFailure, IsInThePhaseOfTheCommandWhoseHeaderIsTooFarAway) {
  EXPECT_EQ(
      logged_failure("the end of much\n\x1b[31m\U0001F6A8 Error: The command exited with status 2"
                     "\x1b[0m\n^^^ +++\n~~~ Uploading artifacts\nnothing\n"),
      failure("Running commands"));
}

TEST(LoggedFailure, IsInTheLastPhaseWhenNoneIsTold) {
  EXPECT_EQ(logged_failure("~~~ Preparing\x1b[2J\nx\n~~~ Running commands\n--- a\n"),
            failure("Running commands"));
  EXPECT_EQ(logged_failure("no header\n"), failure(""));
  EXPECT_EQ(logged_failure("\U0001F6A8 Error: early\n~~~ Cleaning up\n"), failure("Cleaning up"));
}

TEST(LoggedFailure, IsInTheAgentsLastWordsOfThatPhase) {
  EXPECT_EQ(logged_failure("~~~ Preparing secrets\n\U0001F6A8 Error: failed to fetch:\n"
                           "\x1b[31m\U0001F6A8 Error: no NOPE\x1b[0m\n~~~ Cleaning up\n"
                           "\U0001F6A8 Error: something else\n"),
            failure("Preparing secrets", "no NOPE"));
  EXPECT_EQ(logged_failure("~~~ Running commands\n\U0001F6A8 Error: says the command\n"
                           "\U0001F6A8 Error: The command exited with status 2\n"),
            failure("Running commands"))
      << "the command failed, whatever it has printed";
  EXPECT_EQ(logged_failure("~~~ Running commands\n\U0001F6A8 Error: says the command\n"
                           "~~~ Uploading artifacts\n\U0001F6A8 Error: no artifacts\n"),
            failure("Uploading artifacts", "no artifacts"))
      << "the command did not fail";
}

TEST(LoggedFailure, IsTheAgentsWhereItCouldNotRunTheCommand) {
  EXPECT_EQ(logged_failure("~~~ Running commands\n\U0001F6A8 Error: nosh: not found\n"
                           "user command error: nosh: not found\n~~~ Uploading artifacts\nx\n"),
            failure("Running commands", "nosh: not found"));
}

TEST(LoggedFailure, IsInTheSettingUpOfAJobThatHasNoPhase) {
  EXPECT_EQ(logged_failure("\U0001F6A8 Error: Error setting up job executor: no hooks\n"),
            failure("Setting up the job", "no hooks"));
}

}  // namespace
}  // namespace ostler::console
