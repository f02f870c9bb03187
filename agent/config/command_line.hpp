// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "config/setting.hpp"
#include "config/unsupported_settings.hpp"

namespace ostler::config {

/// What the command line or the environment says, by the setting's name.
using GivenValues = std::map<std::string, std::string, std::less<>>;

/// Reads flags and environment variables; flags win. A list given more than once is joined, of
/// other settings the last one counts. Errors: UserFault for unknown flags, naming the one that was
/// probably meant, and for missing values.
Result<std::variant<GivenValues, HelpText>> parse_command_line(
    std::span<const Setting> settings, std::span<const UnsupportedSetting> unsupported,
    const std::vector<std::string>& arguments);

}  // namespace ostler::config
