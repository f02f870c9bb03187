// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace ostler::object_store {

/// A time as people write it for Go programs, in hours, minutes and whole seconds: "48h", "1h30m",
/// "90s". None for anything else, and for no time at all.
std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace ostler::object_store
