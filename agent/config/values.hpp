// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ostler::config {

// How settings are written; each fails with UserFault that says what is expected.

/// "true", "1", "yes", "on" and their opposites, in any letter case.
Result<bool> parse_flag(std::string_view text);
/// A decimal number of at most nine digits, not negative.
Result<int> parse_number(std::string_view text);
/// As in Go: "10s", "1h30m", "500ms"; "0" needs no unit.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);
/// The items of a comma list, trimmed, without empty ones.
std::vector<std::string> split_list(std::string_view text);
/// Absolute, with a leading "~" and $NAME or ${NAME} expanded; empty stays empty.
Result<std::filesystem::path> parse_path(std::string_view text);

}  // namespace ostler::config
