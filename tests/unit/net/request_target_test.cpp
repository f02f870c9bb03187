// SPDX-License-Identifier: Apache-2.0
#include "net/request_target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::net {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(RequestTarget, SplitsBeforeItDecodes) {
  EXPECT_THAT(parse_target("/v3/jobs/a%2Fb%2Ec/start").value().segments,
              ElementsAre("v3", "jobs", "a/b.c", "start"));
}

TEST(RequestTarget, LeavesEmptySegmentsOut) {
  EXPECT_THAT(parse_target("//v3///ping/").value().segments, ElementsAre("v3", "ping"));
  EXPECT_THAT(parse_target("/").value().segments, IsEmpty());
}

TEST(RequestTarget, KeepsDotSegmentsAsTheyAre) {
  EXPECT_THAT(parse_target("/a/../%2e%2e").value().segments, ElementsAre("a", "..", ".."));
}

TEST(RequestTarget, DecodesTheQuery) {
  EXPECT_THAT(parse_target("/p?a=1&b=x+y%26z&c&=d").value().query,
              ElementsAre(Pair("a", "1"), Pair("b", "x y&z"), Pair("c", ""), Pair("", "d")));
  EXPECT_THAT(parse_target("/a+b?").value().segments, ElementsAre("a+b"));
}

TEST(RequestTarget, TakesTheAbsoluteForm) {
  EXPECT_THAT(parse_target("http://hub:1/v3/ping?a=b").value().segments, ElementsAre("v3", "ping"));
  EXPECT_THAT(parse_target("http://hub").value().segments, IsEmpty());
}

TEST(RequestTarget, RefusesBrokenEscapes) {
  for (const std::string_view target : {"/%", "/%2", "/%zz", "/a%00", "/?a=%4", "x/y", "*"}) {
    const auto parsed = parse_target(target);
    ASSERT_FALSE(parsed) << target;
    EXPECT_EQ(parsed.error().code(), Errc::Protocol);
  }
}

}  // namespace
}  // namespace ostler::net
