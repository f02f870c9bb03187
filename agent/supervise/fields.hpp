// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ostler::supervise {

/// Keys and values in order; a key may come again.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// One "key=value" a line; '%' and control characters of a value as %XX. For programs without JSON.
std::string encode_fields(const Fields& fields);
/// Lines that have no '=' are left out.
Fields decode_fields(std::string_view text);

}  // namespace ostler::supervise
