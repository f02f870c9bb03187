// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/result.hpp"

namespace ostler::daemon {

inline constexpr int kStateMajor = 1;
inline constexpr int kStateMinor = 0;

/// The value of `format` in every file of the state directory.
nlohmann::json our_format();

/// Whether this agent may read `object`. Errors: Corrupt when it is no object with a format;
/// Conflict when its major version is newer than ours.
Result<void> check_format(const nlohmann::json& object, std::string_view what);

}  // namespace ostler::daemon
