// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/result.hpp"

namespace ostler::report {

/// Of Cobertura's XML, or of what lcov and its like write. Errors: UserFault.
Result<nlohmann::json> summarize_coverage(std::string_view text);

}  // namespace ostler::report
