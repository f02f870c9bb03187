// SPDX-License-Identifier: Apache-2.0
#include "environment/shell_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::environment {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ShellWords, SplitAtBlanks) {
  EXPECT_THAT(split_shell_words("/bin/bash  -e\t-c").value(), ElementsAre("/bin/bash", "-e", "-c"));
  EXPECT_THAT(split_shell_words(" ").value(), IsEmpty());
}

TEST(ShellWords, KeepQuotedTextTogether) {
  EXPECT_THAT(split_shell_words(R"(a 'b c' "d \"e\" \x" f\ g)").value(),
              ElementsAre("a", "b c", R"(d "e" \x)", "f g"));
  EXPECT_THAT(split_shell_words("'' \"\"").value(), ElementsAre("", ""));
  EXPECT_THAT(split_shell_words("a'b'c").value(), ElementsAre("abc"));
}

TEST(ShellWords, RefuseWhatIsNotClosed) {
  for (const char* text : {"'a", "\"a", "a\\"}) {
    EXPECT_EQ(split_shell_words(text).error().code(), Errc::UserFault) << text;
  }
}

}  // namespace
}  // namespace ostler::environment
