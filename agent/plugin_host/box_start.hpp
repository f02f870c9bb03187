// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "plugin_host/box_run.hpp"
#include "supervise/box_message.hpp"

namespace ostler::plugin_host {

/// Has the box hold the plugin to the rules of abi.h on threads; what it says of a breach begins
/// so.
inline constexpr std::string_view kThreadCheckId = "ostler.thread-check/1";
/// The same for an order to make the step and end it unused.
inline constexpr std::string_view kOnlyCreateId = "ostler.only-create/1";

/// Variables of the box's own process.
std::vector<std::string> box_environment(const BoxSpec& spec);

/// What the box confines itself by before it maps the plugin.
/// Errors: as find_interpreter.
Result<supervise::BoxStart> start_message(const BoxSpec& spec);

/// What the plugin gets for its run.
supervise::BoxGo go_message(const BoxSpec& spec);

}  // namespace ostler::plugin_host
