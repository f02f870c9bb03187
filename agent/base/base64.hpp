// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler {

/// `bytes` in the usual base64 of RFC 4648, section 4, with padding.
std::string base64(std::string_view bytes);
/// The same in the alphabet for URLs of section 5, without padding.
std::string base64_url(std::string_view bytes);

}  // namespace ostler
