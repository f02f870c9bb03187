// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ostler {

/// `bytes` in the usual base64 of RFC 4648, section 4, with padding.
std::string base64(std::string_view bytes);
/// The same in the alphabet for URLs of section 5, without padding.
std::string base64_url(std::string_view bytes);
/// The bytes of a text that `base64` makes; none of any other.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace ostler
