// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "hub/agent_api/call.hpp"

namespace ostler::agent_api {

/// Whose token a route wants.
enum class Access : std::uint8_t {
  Registration,  ///< an agent token
  Session,       ///< a session's token
  Job,           ///< the token of the job in the path, or of its agent's session
  JobAlone,      ///< the token of the job in the path and no other; wrong ones are told 403
  AnyJob,        ///< of any job or session: the path names a build, a step or the caller's agent
};

struct Route {
  std::string_view method;
  std::string_view pattern;  ///< segments below /v3; ":id" and ":any" take any one
  Access access;
  std::size_t body_limit;  ///< bytes; more is answered 413
  Handler handler;
  /// Whether the job's token is good for it after the job's end: what an agent still has to report.
  bool reports_late = false;
};

/// Everything that the Agent API serves below /v3.
std::span<const Route> routes();

struct RouteMatch {
  const Route* route = nullptr;  ///< null: no such route
  std::string id = {};           ///< what stood for ":id"
};

/// The route for a method and the segments of a whole path.
RouteMatch find_route(std::string_view method, std::span<const std::string> segments);

}  // namespace ostler::agent_api
