// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "base/result.hpp"
#include "cli/hub_client.hpp"
#include "console/screen.hpp"

namespace ostler::cli {

/// How the watching of a build on a whole terminal ended.
struct Watched {
  wire::RestBuildAnswer build;
  std::optional<int> stopped_by;  ///< a signal, SIGINT for the key: the build may go on
};

struct LiveOptions {
  bool has_colours = true;
  bool until_blocked = false;  ///< ends also when the build waits for nothing but a person
};

/// How long builds of the same pipeline take, asked of the hub. None is no reason not to watch.
std::optional<std::chrono::microseconds> usual_time(HubClient& hub,
                                                    const wire::RestBuildAnswer& build);

/// Shows a build on `screen` until it has finished, or somebody has seen enough. The terminal is as
/// it was when this returns. Errors: those of the hub's client.
Result<Watched> watch_live(HubClient& hub, const wire::RestBuildAnswer& build,
                           std::optional<std::chrono::microseconds> usual, console::Screen screen,
                           const LiveOptions& options);

}  // namespace ostler::cli
