// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/result.hpp"

namespace ostler::report {

/// Of SARIF 2. The worst results come first; those that somebody has suppressed are counted alone.
/// Errors: UserFault.
Result<nlohmann::json> summarize_sarif(std::string_view text);

}  // namespace ostler::report
