// SPDX-License-Identifier: Apache-2.0
#include "net/path_pattern.hpp"

#include <gtest/gtest.h>

namespace ostler::net {
namespace {

std::optional<PathParameters> match(std::string_view pattern,
                                    const std::vector<std::string>& segments) {
  return match_path(pattern, segments);
}

TEST(PathPattern, GivesWhatStandsForItsNames) {
  EXPECT_EQ(match("jobs/:id/finish", {"jobs", "j", "finish"}), (PathParameters{{"id", "j"}}));
  EXPECT_EQ(match(":a/:b", {"a/b", ""}), (PathParameters{{"a", "a/b"}, {"b", ""}}));
  EXPECT_EQ(match("meta", {"meta"}), PathParameters{});
}

TEST(PathPattern, MatchesEverySegmentAndNoMore) {
  EXPECT_FALSE(match("jobs/:id", {"jobs"}));
  EXPECT_FALSE(match("jobs/:id", {"jobs", "j", "x"}));
  EXPECT_FALSE(match("jobs/:id", {"builds", "j"}));
  EXPECT_FALSE(match("meta", {}));
  EXPECT_FALSE(match("", {"meta"}));
}

}  // namespace
}  // namespace ostler::net
