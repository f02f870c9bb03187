// SPDX-License-Identifier: Apache-2.0
#include "base/split_lines.hpp"

#include <gtest/gtest.h>

namespace ostler {
namespace {

using Lines = std::vector<std::string>;

TEST(SplitLines, HaveNoEnds) { EXPECT_EQ(split_lines("one\ntwo\n"), (Lines{"one", "two"})); }

TEST(SplitLines, NeedNoEndAtTheLast) { EXPECT_EQ(split_lines("one\ntwo"), (Lines{"one", "two"})); }

TEST(SplitLines, MayBeEmpty) { EXPECT_EQ(split_lines("\none\n\n"), (Lines{"", "one", ""})); }

TEST(SplitLines, AreNoneOfAnEmptyText) { EXPECT_EQ(split_lines(""), Lines()); }

}  // namespace
}  // namespace ostler
