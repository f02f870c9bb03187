// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// Calls of a worker to the agent about services that outlive jobs. They travel as ApiRequest, with
// fields (fields.hpp) as the body, and never reach the server; answers other than 200 have a line
// that says why. Each has scope and plugin, which the worker alone says:
//   start    a ServiceSpec with its environment   -> fields id, socket, directory, address
//   promote  target: an id, or a name             -> nothing
//   stop     target                               -> nothing, before it has ended
//   status   target, empty: all of the scope      -> JSON
//   log      target, bytes                        -> the last of what it has printed
//   place    target: a name                       -> the directory that its services run in
namespace ostler::supervise {

inline constexpr std::string_view kServiceCalls = "ostler-services/";

}  // namespace ostler::supervise
