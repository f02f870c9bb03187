// SPDX-License-Identifier: Apache-2.0
#include "environment/protected.hpp"

#include <gtest/gtest.h>

namespace ostler::environment {
namespace {

TEST(Protected, EveryEntrySaysWhy) {
  EXPECT_EQ(protections().size(), 45u);
  for (const Protection& entry : protections()) EXPECT_FALSE(entry.reason.empty()) << entry.name;
}

TEST(Protected, FindsEntriesByTheirWholeName) {
  ASSERT_NE(protection_of("BUILDKITE_SHELL"), nullptr);
  EXPECT_FALSE(protection_of("BUILDKITE_SHELL")->job_mutable);
  ASSERT_NE(protection_of("BUILDKITE_REPO"), nullptr);
  EXPECT_TRUE(protection_of("BUILDKITE_REPO")->job_mutable);
  EXPECT_EQ(protection_of("BUILDKITE_SHEL"), nullptr);
  EXPECT_EQ(protection_of("PATH"), nullptr);
}

}  // namespace
}  // namespace ostler::environment
