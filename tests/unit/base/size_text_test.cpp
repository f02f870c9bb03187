// SPDX-License-Identifier: Apache-2.0
#include "base/size_text.hpp"

#include <gtest/gtest.h>

namespace ostler {
namespace {

TEST(SizeText, NamesTheLargestUnitThatFits) {
  EXPECT_EQ(size_text(0), "0 bytes");
  EXPECT_EQ(size_text(1023), "1023 bytes");
  EXPECT_EQ(size_text(1024), "1.0 KiB");
  EXPECT_EQ(size_text(1536), "1.5 KiB");
  EXPECT_EQ(size_text(std::uint64_t{2} << 40), "2.0 TiB");
}

}  // namespace
}  // namespace ostler
