// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/query.hpp"

#include <gtest/gtest.h>

namespace ostler::rest_api {
namespace {

using Strings = std::vector<std::string>;

TEST(Query, ReadsRepeatedAndBracketedNames) {
  const Query query({{"state", "passed"}, {"state[]", "failed"}, {"state[]", ""}, {"other", "x"}});
  EXPECT_EQ(query.values("state"), (Strings{"passed", "failed"}));
  EXPECT_EQ(query.value("other"), "x");
  EXPECT_EQ(query.value("missing"), std::nullopt);
}

TEST(Query, ReadsFlagsAsPythonAndGoWriteThem) {
  const Query query({{"a", "True"}, {"b", "false"}, {"c", "1"}, {"d", "maybe"}, {"e", ""}});
  EXPECT_TRUE(query.flag("a", false));
  EXPECT_FALSE(query.flag("b", true));
  EXPECT_TRUE(query.flag("c", false));
  EXPECT_TRUE(query.flag("d", true));
  EXPECT_FALSE(query.flag("e", false));
}

TEST(Query, ReadsTimesAlsoWithAnUnescapedOffset) {
  const Query query({{"from", "2026-01-02T04:04:05 01:00"}, {"to", "yesterday"}});
  EXPECT_EQ(query.time("from").value(), parse_rfc3339("2026-01-02T03:04:05Z"));
  EXPECT_EQ(Query({{"day", "2026-01-02"}}).time("day").value(),
            parse_rfc3339("2026-01-02T00:00:00Z"));
  EXPECT_FALSE(Query({{"day", "2026-01-32"}}).time("day"));
  EXPECT_EQ(query.time("none").value(), std::nullopt);
  ASSERT_FALSE(query.time("to"));
  EXPECT_EQ(query.time("to").error().code(), Errc::UserFault);
}

TEST(Query, ReadsKeyedEntries) {
  const Query query({{"meta_data[release]", "1"}, {"meta_data[]", "x"}, {"meta_data", "y"}});
  EXPECT_EQ(query.entries("meta_data"), (Query::Parameters{{"release", "1"}}));
}

TEST(Query, KeepsEverythingButThePageInLinks) {
  const Query query({{"page", "2"}, {"branch", "a b,c"}, {"state[]", "x"}, {"empty", ""}});
  EXPECT_EQ(query.with_page(3), "branch=a%20b%2Cc&state%5B%5D=x&empty=&page=3");
}

}  // namespace
}  // namespace ostler::rest_api
