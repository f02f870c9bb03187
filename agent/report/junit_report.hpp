// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/result.hpp"

namespace ostler::report {

/// Counts each `testcase` by itself: what suites say of themselves is often wrong. Errors:
/// UserFault.
Result<nlohmann::json> summarize_junit(std::string_view text);

}  // namespace ostler::report
