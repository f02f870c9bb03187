// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/result.hpp"
#include "cli/gate_form.hpp"
#include "cli/hub_client.hpp"
#include "cli/run_services.hpp"
#include "cli/stop_signals.hpp"
#include "console/build_view.hpp"

namespace ostler::cli {

/// How following a build ended.
struct Followed {
  wire::RestBuildAnswer build;
  std::optional<int> stop_signal;  ///< the signal that asked to stop, if one did
};

/// What a build is followed with.
struct FollowParts {
  HubClient& hub;
  RunServices& services;
  StopSignals& signals;
  console::BuildView& view;
  /// What blocks and inputs open with by themselves, as far as they ask for it, else with their
  /// defaults; none: they stay closed.
  std::optional<GateAnswers> gate_answers{};
};

/// Shows a build, the log of one job after the other, until it has finished or waits for nothing
/// but a person. The first stop signal cancels the build, a second one gives up waiting for that.
/// Errors: those of the hub's client; UserFault when an answer is missing or wrong; Unavailable
/// when hub or agent end by themselves.
Result<Followed> follow_build(const FollowParts& parts, const wire::RestBuildAnswer& build,
                              bool keep_colours);

}  // namespace ostler::cli
