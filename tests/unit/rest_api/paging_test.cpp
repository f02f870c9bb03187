// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/paging.hpp"

#include <gtest/gtest.h>

namespace ostler::rest_api {
namespace {

store::PageRequest read(Query::Parameters parameters) {
  return read_page(Query(std::move(parameters)), "builds").value();
}

TEST(Paging, DefaultsToTheFirstThirty) {
  EXPECT_EQ(read({}).number, 1);
  EXPECT_EQ(read({}).size, 30);
}

TEST(Paging, TakesTheNearestPossiblePage) {
  EXPECT_EQ(read({{"page", "0"}}).number, 1);
  EXPECT_EQ(read({{"page", "-3"}}).number, 1);
  EXPECT_EQ(read({{"page", "x"}}).number, 1);
  EXPECT_EQ(read({{"per_page", "0"}}).size, 1);
  EXPECT_EQ(read({{"per_page", "1000"}}).size, 100);
  EXPECT_EQ(read({{"page", "7"}, {"per_page", "100"}}).number, 7);
}

TEST(Paging, RefusesPagesThatAreTooDeep) {
  EXPECT_EQ(read({{"page", "100"}, {"per_page", "100"}}).number, 100);
  for (const char* page : {"101", "99999999999999999999999"}) {
    const auto refused = read_page(Query({{"page", page}, {"per_page", "100"}}), "builds");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message(),
              "Listing builds this deep is not supported. Please narrow your query using filters "
              "such as branch or created_from.");
  }
}

TEST(LinkHeader, NamesThePagesThatExist) {
  const Query query({{"state", "passed"}, {"page", "2"}});
  const std::string url = "http://x/v2/builds";
  EXPECT_EQ(link_header(url, query, {.number = 2, .size = 30}, true),
            "<http://x/v2/builds?state=passed&page=3>; rel=\"next\", "
            "<http://x/v2/builds?state=passed&page=1>; rel=\"prev\", "
            "<http://x/v2/builds?state=passed&page=1>; rel=\"first\"");
  EXPECT_EQ(link_header(url, Query(), {.number = 1, .size = 30}, false), "");
}

}  // namespace
}  // namespace ostler::rest_api
