// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace ostler::crypto {

/// HMAC-SHA-256 (RFC 2104) of `message` in lower-case hex, 64 characters.
std::string hmac_sha256_hex(const Secret& key, std::string_view message);

}  // namespace ostler::crypto
