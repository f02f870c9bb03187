// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace ostler::rest_api {

enum class LogFormat : std::uint8_t { Json, Text, Html };

/// The form of a log that an Accept header asks for; JSON when it leaves the choice.
LogFormat read_log_format(std::string_view accept);

/// The number of last bytes that "bytes=-N" asks for, at least 1.
/// Errors: UserFault for every other form of range.
Result<std::int64_t> read_suffix_range(std::string_view range);

}  // namespace ostler::rest_api
