// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ostler::model {

/// Whether a secret may have that key, which becomes the name of a variable: at most 255 letters,
/// digits and _, a letter first, not beginning with buildkite or bk in any case.
bool is_secret_key(std::string_view key);

}  // namespace ostler::model
