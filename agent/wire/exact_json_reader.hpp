// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/result.hpp"

namespace ostler::wire {

/// As parse_json, but numbers keep their text (pipeline/exact_json.hpp): one that the library would
/// write otherwise is none for ObjectReader.
Result<nlohmann::json> parse_exact_json(std::string_view text, std::string_view what);

}  // namespace ostler::wire
