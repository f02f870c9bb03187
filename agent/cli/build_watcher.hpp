// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "cli/hub_client.hpp"
#include "console/terminal.hpp"

namespace ostler::cli {

/// How long a build is watched.
enum class WatchUntil : std::uint8_t {
  Finished,
  Blocked,  ///< or until it waits for nothing but a person
};
inline constexpr int kExitBlocked = 3;

/// Shows a build until it has finished, then why it failed: kExitOk when it passed, kExitBlocked
/// when it is blocked and that ends it, else kExitFailed; 128 and the signal's number when somebody
/// has seen enough before. On a whole terminal a picture of its jobs and a log, else a line for
/// each change; kExitOk when nobody reads these any more. A hub that does not answer for some
/// minutes is waited for. Errors: those of the hub's client.
Result<int> watch_build(HubClient& hub, const wire::RestBuildAnswer& build,
                        console::Terminal& terminal, WatchUntil until = WatchUntil::Finished);

}  // namespace ostler::cli
