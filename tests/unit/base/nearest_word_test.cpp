// SPDX-License-Identifier: Apache-2.0
#include "base/nearest_word.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace ostler {
namespace {

constexpr std::array<std::string_view, 4> kWords = {"command", "commands", "env", "wait"};

TEST(NearestWord, FindsOneThatIsMisspelled) {
  EXPECT_EQ(nearest_word("comand", kWords), "command");
  EXPECT_EQ(nearest_word("commnads", kWords), "commands");
  EXPECT_EQ(nearest_word("envs", kWords), "env");
  EXPECT_EQ(nearest_word("wiat", kWords), "wait");
}

TEST(NearestWord, NamesNothingWhenNothingIsNear) {
  EXPECT_EQ(nearest_word("plugins", kWords), "");
  EXPECT_EQ(nearest_word("x", kWords), "");
  EXPECT_EQ(nearest_word("", kWords), "");
  EXPECT_EQ(nearest_word(std::string(100'000, 'c'), kWords), "");
}

}  // namespace
}  // namespace ostler
