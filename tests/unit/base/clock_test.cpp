// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace ostler {
namespace {

TEST(Rfc3339, PrintsAndReadsTheSameTime) {
  const Timestamp at{1'767'323'045'678'901};
  EXPECT_EQ(format_rfc3339(at, 9), "2026-01-02T03:04:05.678901000Z");
  EXPECT_EQ(format_rfc3339(at, 3), "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(parse_rfc3339(format_rfc3339(at, 6)), at);
}

TEST(Rfc3339, PrintsTimesBeforeTheEpoch) {
  EXPECT_EQ(format_rfc3339({-1}, 6), "1969-12-31T23:59:59.999999Z");
}

TEST(Rfc3339, PrintsEveryYearWithFourDigits) {
  const auto zero_of_go = parse_rfc3339("0001-01-01T00:00:00Z");
  ASSERT_TRUE(zero_of_go);
  EXPECT_EQ(format_rfc3339(*zero_of_go, 0), "0001-01-01T00:00:00Z");
}

TEST(Rfc3339, ReadsOffsets) {
  EXPECT_EQ(parse_rfc3339("2026-01-02T04:04:05+01:00"), parse_rfc3339("2026-01-02T03:04:05Z"));
  EXPECT_EQ(parse_rfc3339("2026-01-02T02:34:05.5-00:30"),
            parse_rfc3339("2026-01-02T03:04:05.500Z"));
}

TEST(Rfc3339, RefusesWhatIsNotATime) {
  for (const char* text : {"", "2026", "2026-01-02", "2026-01-02T03:04:05", "2026-13-02T03:04:05Z",
                           "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05Zx", "x026-01-02T03:04:05Z",
                           "2026-01-02T25:04:05Z", "2026-01-02T03:04:05+9:00"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

}  // namespace
}  // namespace ostler
