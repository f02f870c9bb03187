// SPDX-License-Identifier: Apache-2.0
#include "model/told_commit.hpp"

#include <gtest/gtest.h>

namespace ostler::model {
namespace {

using namespace std::string_literals;

const std::string kFullId = "70fa8b46b4588c3a4653a644824e82a6c2e7b558";

TEST(ToldCommit, HasItsIdAndTheWholeMessage) {
  const auto told = told_commit("commit " + kFullId +
                                "\nabbrev-commit 70fa8b4\nAuthor: A <a@b>\n\n    Mend it\n    \n"
                                "      indented\n");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->id, kFullId);
  EXPECT_EQ(told->message, "Mend it\n\n  indented");
}

TEST(ToldCommit, MayHaveNoMessage) {
  EXPECT_EQ(told_commit("commit " + kFullId).value().message, "");
  EXPECT_EQ(told_commit("commit " + kFullId + "\r\n").value().id, kFullId);
  EXPECT_EQ(told_commit("commit " + kFullId + "\n\n    a\0b"s).value().message, "a");
  EXPECT_TRUE(told_commit("commit " + std::string(64, 'f')));
}

TEST(ToldCommit, IsNoneWithoutAFullId) {
  for (const std::string& text :
       {""s, kFullId, "commit "s, "commit 70fa8b4"s, "commit HEAD"s, "commit " + kFullId + "0",
        "commit " + std::string(40, 'G'), "xcommit " + kFullId}) {
    EXPECT_FALSE(told_commit(text)) << text;
  }
}

}  // namespace
}  // namespace ostler::model
