// SPDX-License-Identifier: Apache-2.0
#include "hub/agent_api/routes.hpp"

#include <gtest/gtest.h>

namespace ostler::agent_api {
namespace {

RouteMatch find(std::string_view method, const std::vector<std::string>& segments) {
  return find_route(method, segments);
}

TEST(AgentApiRoutes, MatchMethodAndEverySegment) {
  EXPECT_EQ(find("PUT", {"v3", "jobs", "j", "finish"}).route->pattern, "jobs/:id/finish");
  EXPECT_EQ(find("PUT", {"v3", "jobs", "j", "finish"}).id, "j");
  EXPECT_EQ(find("GET", {"v3", "jobs", "j"}).route->pattern, "jobs/:id");
  EXPECT_EQ(find("POST", {"v3", "jobs", "j", "finish"}).route, nullptr);
  EXPECT_EQ(find("PUT", {"v3", "jobs", "j", "finish", "x"}).route, nullptr);
  EXPECT_EQ(find("PATCH", {"v3", "jobs", "j"}).route, nullptr);
  EXPECT_EQ(find("GET", {"v3"}).route, nullptr);
  EXPECT_EQ(find("GET", {}).route, nullptr);
}

TEST(AgentApiRoutes, HaveTheStreamAtTheRootOnly) {
  const std::string service = "agentedge.v1.AgentEdgeService";
  EXPECT_NE(find("POST", {service, "StreamPings"}).route, nullptr);
  EXPECT_EQ(find("GET", {service, "StreamPings"}).route, nullptr);
  EXPECT_EQ(find("POST", {service, "Other"}).route, nullptr);
  EXPECT_EQ(find("POST", {"v3", service, "StreamPings"}).route, nullptr);
}

TEST(AgentApiRoutes, HaveNoTwoOfOneForm) {
  for (const Route& one : routes()) {
    for (const Route& other : routes()) {
      if (&one == &other || one.method != other.method) continue;
      EXPECT_NE(one.pattern, other.pattern);
    }
  }
}

}  // namespace
}  // namespace ostler::agent_api
