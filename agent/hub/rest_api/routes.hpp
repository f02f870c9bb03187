// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hub/rest_api/call.hpp"
#include "net/path_pattern.hpp"

namespace ostler::rest_api {

/// What a caller needs for a route besides a scope's name.
inline constexpr std::string_view kNoToken = "";    ///< nothing
inline constexpr std::string_view kAnyToken = "*";  ///< a valid API token

struct Route {
  std::string_view method;   ///< "GET" also answers HEAD
  std::string_view pattern;  ///< "organizations/:org": segments below /v2; ":x" takes any one
  std::string_view scope;    ///< of the token; or kNoToken, kAnyToken
  Handler handler;
  bool streams_body = false;  ///< the handler reads the body, and bounds it
};

/// Everything that REST v2 serves.
std::span<const Route> routes();

// The tables it is made of, by what they are about.
std::span<const Route> account_routes();   ///< routes_of_account.cpp
std::span<const Route> agent_routes();     ///< routes_of_agents.cpp
std::span<const Route> cluster_routes();   ///< routes_of_clusters.cpp
std::span<const Route> pipeline_routes();  ///< routes_of_pipelines.cpp
std::span<const Route> build_routes();     ///< routes_of_builds.cpp
std::span<const Route> job_routes();       ///< routes_of_jobs.cpp

/// Every scope that a token can be granted, also for what later versions serve.
/// Source: rest-api, 2.
std::vector<std::string> grantable_scopes();

struct RouteMatch {
  const Route* route = nullptr;
  net::PathParameters parameters = {};
};
struct NoSuchPath {};
struct OtherMethods {
  std::string allow;  ///< "GET, HEAD, POST"
};
using RouteSearch = std::variant<RouteMatch, NoSuchPath, OtherMethods>;

/// The route of `table` for a method and the path segments below /v2.
RouteSearch find_route(std::span<const Route> table, std::string_view method,
                       std::span<const std::string> segments);

}  // namespace ostler::rest_api
