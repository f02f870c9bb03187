// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.hpp"

namespace ostler::model {

/// Whether a secret may have that key, which becomes the name of a variable: at most 255 letters,
/// digits and _, a letter first, not beginning with buildkite or bk in any case.
bool is_secret_key(std::string_view key);

inline constexpr std::size_t kLongestSecretValue = 64u * 1024;  // bytes
/// Whether a job may set such a value. Errors: UserFault; says nothing of the value.
Result<void> check_secret_value(std::string_view value);

}  // namespace ostler::model
