// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"

namespace ostler::plugin_host {

/// The table that a plugin hands in, `{"columns": ["name"], "rows": [["a"]]}`, in canonical JSON.
/// Errors: UserFault when it is none, or too large.
Result<std::string> checked_table(const std::string& json);

}  // namespace ostler::plugin_host
