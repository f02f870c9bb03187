// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::store {

/// The bytes that a gzip stream of one or more members holds, which must be exactly `size`.
/// Memory is bounded by `size`, whatever the stream says.
/// Errors: UserFault when it is no gzip, is damaged, or holds another number of bytes.
Result<std::string> gunzip(std::string_view gzip, std::size_t size);

/// One gzip stream of `bytes`.
std::string gzip(std::string_view bytes);

/// Checks the same as `gunzip` without keeping the bytes.
Result<void> check_gzip(std::string_view gzip, std::size_t size);

}  // namespace ostler::store
