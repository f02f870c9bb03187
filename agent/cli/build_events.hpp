// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "cli/build_watcher.hpp"
#include "cli/hub_client.hpp"

namespace ostler::cli {

/// Prints the events of a build (docs/events.md) as they come, a line of JSON for each, from its
/// first one until it has finished. Returns what watch_build does.
/// Errors: those of the hub's client; UserFault when the server has no such events.
Result<int> print_build_events(HubClient& hub, const wire::RestBuildAnswer& build,
                               WatchUntil until);

}  // namespace ostler::cli
