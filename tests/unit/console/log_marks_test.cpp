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

}  // namespace
}  // namespace ostler::console
