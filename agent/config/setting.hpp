// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"
#include "config/agent_config.hpp"

namespace ostler::config {

/// How a setting is written.
enum class Kind { Text, Flag, Number, Duration, List, Path };

/// One row of the table.
struct Setting {
  std::string_view name;      ///< of the flag and the key of the configuration file
  std::string_view variable;  ///< of the environment
  Kind kind;
  std::string_view
      fallback;  ///< as a user would write it; "~" and $VARIABLES are expanded in paths
  std::string_view meaning;
  /// Reads `text` into the configuration. Errors: UserFault, saying what is expected.
  Result<void> (*apply)(AgentConfig& config, std::string_view text);
  std::string_view other_variable = {};  ///< a second one with the same meaning
};

/// Every setting, in the order of --help.
std::span<const Setting> agent_settings();

}  // namespace ostler::config
