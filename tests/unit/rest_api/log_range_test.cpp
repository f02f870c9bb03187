// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/log_range.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ostler::rest_api {
namespace {

TEST(LogRange, ReadsTheLastBytes) {
  EXPECT_EQ(read_suffix_range("bytes=-100").value(), 100);
  EXPECT_EQ(read_suffix_range("bytes=-99999999999999999999").value(),
            std::numeric_limits<std::int64_t>::max());
}

TEST(LogRange, RefusesEveryOtherForm) {
  for (const char* range : {"bytes=-0", "bytes=0-5", "bytes=5-", "bytes=-1,-2", "bytes=--1",
                            "bytes=-", "items=-5", "bytes=-5x", "bytes= -5"}) {
    EXPECT_FALSE(read_suffix_range(range)) << range;
  }
}

TEST(LogFormat, FollowsTheFirstKnownMediaType) {
  EXPECT_EQ(read_log_format(""), LogFormat::Json);
  EXPECT_EQ(read_log_format("*/*"), LogFormat::Json);
  EXPECT_EQ(read_log_format("text/plain; charset=utf-8"), LogFormat::Text);
  EXPECT_EQ(read_log_format("image/png, application/json;q=0.5, text/plain"), LogFormat::Json);
  EXPECT_EQ(read_log_format("text/html,*/*"), LogFormat::Html);
}

}  // namespace
}  // namespace ostler::rest_api
