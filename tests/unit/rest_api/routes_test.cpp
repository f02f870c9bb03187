// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace ostler::rest_api {
namespace {

using Segments = std::vector<std::string>;

RouteSearch search(std::string_view method, const Segments& segments) {
  return find_route(routes(), method, segments);
}

TEST(Routes, FindsARouteAndItsParameters) {
  const auto found = search("GET", {"organizations", "ostler", "pipelines", "p", "builds", "7"});
  ASSERT_TRUE(std::holds_alternative<RouteMatch>(found));
  const auto& match = std::get<RouteMatch>(found);
  EXPECT_EQ(match.route->scope, "read_builds");
  EXPECT_EQ(match.parameters,
            (net::PathParameters{{"org", "ostler"}, {"pipeline", "p"}, {"build", "7"}}));
}

TEST(Routes, AnswersHeadWhereItAnswersGet) {
  EXPECT_TRUE(std::holds_alternative<RouteMatch>(search("HEAD", {"user"})));
}

TEST(Routes, TellsOtherMethodsFromNoPath) {
  const auto other = search("DELETE", {"organizations", "o", "pipelines"});
  ASSERT_TRUE(std::holds_alternative<OtherMethods>(other));
  EXPECT_EQ(std::get<OtherMethods>(other).allow, "GET, HEAD, POST, OPTIONS");
  for (const Segments& path :
       {Segments{}, Segments{"x"}, Segments{"user", "x"},
        Segments{"organizations", "o", "pipelines", "p", "builds", "1", "x"}}) {
    EXPECT_TRUE(std::holds_alternative<NoSuchPath>(search("GET", path)));
  }
}

TEST(Routes, HaveNoTwoHandlersForOneRequest) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const Route& route : routes()) {
    EXPECT_TRUE(seen.emplace(route.method, route.pattern).second) << route.pattern;
  }
}

TEST(Routes, AskForScopesThatCanBeGranted) {
  const std::vector<std::string> grantable = grantable_scopes();
  EXPECT_TRUE(std::ranges::is_sorted(grantable));
  for (const Route& route : routes()) {
    if (route.scope == kNoToken || route.scope == kAnyToken) continue;
    EXPECT_TRUE(std::ranges::binary_search(grantable, route.scope)) << route.scope;
  }
}

TEST(Routes, LetNobodyWriteWithAReadScope) {
  for (const Route& route : routes()) {
    // A token may end itself, whatever else it may do. GraphQL has a scope of its own, and changes
    // nothing without that of what it changes.
    const bool ends_itself = route.pattern == "access-token" && route.method == "DELETE";
    if (route.method == "GET" || ends_itself || route.scope == "graphql") continue;
    EXPECT_TRUE(route.scope.starts_with("write_")) << route.method << " " << route.pattern;
  }
}

}  // namespace
}  // namespace ostler::rest_api
