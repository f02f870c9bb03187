// SPDX-License-Identifier: Apache-2.0
// What holds for every route, tried on each.
#include <gmock/gmock.h>

#include <set>

#include "hub/rest_api/routes.hpp"
#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using testing::HasSubstr;

/// A path of the route, with things that are not there.
std::string target_of(const Route& route) {
  std::string target;
  std::string_view rest = route.pattern;
  while (!rest.empty()) {
    const std::string_view segment = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
    target += '/';
    if (segment == ":org") {
      target += "ostler";
    } else {
      target += segment.starts_with(':') ? "00000000-0000-0000-0000-000000000000" : segment;
    }
  }
  return target;
}

std::string name_of(const Route& route) {
  return std::string(route.method) + " " + std::string(route.pattern);
}

bool has_scope(const Route& route) { return route.scope != kNoToken && route.scope != kAnyToken; }

bool takes_body(const Route& route) {
  return route.method != "GET" && route.method != "DELETE" && !route.streams_body;
}

class EveryRoute : public RestFixture {};

TEST_F(EveryRoute, WantsAToken) {
  for (const Route& route : routes()) {
    if (route.scope == kNoToken) continue;
    for (const net::HttpHeaders& headers :
         {net::HttpHeaders{}, net::HttpHeaders{{"Authorization", "Bearer wrong"}},
          net::HttpHeaders{{"Authorization", "Bearer " + tokens_.agent_token.reveal()}},
          net::HttpHeaders{{"Cookie", "ostler_session=wrong"}}}) {
      const Reply reply = send(std::string(route.method), target_of(route), headers);
      EXPECT_EQ(reply.status, 401) << name_of(route);
      EXPECT_NE(reply.message(), "") << name_of(route);
    }
  }
}

TEST_F(EveryRoute, WantsItsOwnScopeWhateverOthersTheTokenHas) {
  std::set<std::string_view> scopes;
  for (const Route& route : routes()) {
    if (has_scope(route)) scopes.insert(route.scope);
  }
  for (const std::string_view scope : scopes) {
    auto others = grantable_scopes();
    EXPECT_EQ(std::erase(others, scope), 1u) << scope << " can be granted";
    open_store(others);
    for (const Route& route : routes()) {
      if (route.scope != scope) continue;
      const Reply reply = call(std::string(route.method), target_of(route));
      EXPECT_EQ(reply.status, 403) << name_of(route);
      EXPECT_EQ(reply.message(), "Forbidden: the token lacks the scope " + std::string(scope));
    }
  }
}

TEST_F(EveryRoute, SaysThatSomethingIsNotThere) {
  for (const Route& route : routes()) {
    const bool names_a_thing = route.pattern.find("/:", 18) != route.pattern.npos;
    if (!names_a_thing) continue;
    const Reply reply = call(std::string(route.method), target_of(route));
    EXPECT_EQ(reply.status, 404) << name_of(route) << reply.body;
    EXPECT_NE(reply.message(), "") << name_of(route);
  }
}

TEST_F(EveryRoute, NamesTheMethodsThatItsPathHas) {
  for (const Route& route : routes()) {
    const Reply reply = call("BREW", target_of(route));
    EXPECT_EQ(reply.status, 405) << name_of(route);
    EXPECT_THAT(reply.header("Allow"), HasSubstr(std::string(route.method))) << name_of(route);
    EXPECT_NE(reply.message(), "") << name_of(route);
    EXPECT_EQ(call(std::string(route.method), target_of(route) + "/nonsense/more").status, 404);
  }
}

TEST_F(EveryRoute, RefusesABodyThatIsTooLarge) {
  const std::string body(RestApi::kBodyLimit + 1, ' ');
  for (const Route& route : routes()) {
    if (!takes_body(route)) continue;
    const Reply reply = send(std::string(route.method), target_of(route),
                             {{"Authorization", "Bearer " + tokens_.api_token.reveal()}}, body);
    EXPECT_EQ(reply.status, 413) << name_of(route);
    EXPECT_NE(reply.message(), "") << name_of(route);
  }
}

TEST_F(EveryRoute, RefusesABodyThatItCannotRead) {
  for (const Route& route : routes()) {
    const bool is_of_all = route.pattern.find("/:", 18) == route.pattern.npos;
    if (!takes_body(route) || !is_of_all) continue;
    for (const char* body : {"{", "[]", "7", "\"text\"", "{\"a\":\xFF}"}) {
      const Reply reply = send(std::string(route.method), target_of(route),
                               {{"Authorization", "Bearer " + tokens_.api_token.reveal()}}, body);
      EXPECT_EQ(reply.status, 400) << name_of(route) << body << reply.body;
      EXPECT_NE(reply.message(), "") << name_of(route);
    }
  }
}

TEST_F(EveryRoute, ListsWhateverPageIsAskedFor) {
  const std::string all = "/organizations/ostler/";
  for (const char* list : {"pipelines", "builds", "agents", "clusters"}) {
    for (const char* page : {"page=0", "page=-1", "page=x", "per_page=0", "per_page=101",
                             "per_page=-7", "per_page=x", "page=99999999999999999999&per_page=0"}) {
      const int status = get(all + list + "?" + page).status;
      EXPECT_TRUE(status == 200 || status == 400) << list << page << status;
    }
    EXPECT_EQ(get(all + list + "?page=10001&per_page=100").status, 400) << list;
  }
}

}  // namespace
}  // namespace ostler::rest_api
