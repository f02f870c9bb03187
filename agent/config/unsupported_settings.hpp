// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"
#include "config/setting.hpp"

namespace ostler::config {

/// A setting of the genuine agent that this one does not honour: values that would change what it
/// does are refused, all others are taken and have no effect.
struct UnsupportedSetting {
  std::string_view name;
  std::string_view variable;
  Kind kind;
  /// Comma list of the values that change nothing; "*": any. The empty text always changes nothing.
  std::string_view harmless = {};
  std::string_view instead = {};  ///< the setting that has replaced it; empty: none
};

/// In the order of the reference. Source: job-lifecycle 7.1 and Appendix C.
std::span<const UnsupportedSetting> unsupported_settings();

/// Errors: UserFault when `text` is a value that this agent would have to obey.
Result<void> check_without_effect(const UnsupportedSetting& setting, std::string_view text);

}  // namespace ostler::config
