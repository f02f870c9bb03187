// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/routes.hpp"

#include <initializer_list>
#include <utility>

namespace ostler::rest_api {
namespace {

std::vector<Route> join(std::initializer_list<std::span<const Route>> tables) {
  std::vector<Route> all;
  for (const auto& table : tables) all.insert(all.end(), table.begin(), table.end());
  return all;
}

bool answers(const Route& route, std::string_view method) {
  return route.method == method || (route.method == "GET" && method == "HEAD");
}

void allow(std::string& methods, std::string_view method) {
  if (!methods.empty()) methods += ", ";
  methods += method == "GET" ? "GET, HEAD" : method;
}

}  // namespace

std::span<const Route> routes() {
  static const std::vector<Route> all = join({account_routes(), agent_routes(), cluster_routes(),
                                              pipeline_routes(), build_routes(), job_routes()});
  return all;
}

RouteSearch find_route(std::span<const Route> table, std::string_view method,
                       std::span<const std::string> segments) {
  OtherMethods others;
  for (const Route& route : table) {
    auto parameters = net::match_path(route.pattern, segments);
    if (!parameters) continue;
    if (answers(route, method)) return RouteMatch{&route, std::move(*parameters)};
    allow(others.allow, route.method);
  }
  if (others.allow.empty()) return NoSuchPath{};
  others.allow += ", OPTIONS";
  return others;
}

}  // namespace ostler::rest_api
