// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace ostler::config {

/// The token that a setting names: the text itself, or the trimmed content of `file://PATH` or of
/// the open descriptor `fd://N`. Errors: UserFault, naming the place, when it cannot be read.
Result<Secret> resolve_token(std::string_view setting);

}  // namespace ostler::config
