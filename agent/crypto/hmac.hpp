// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace ostler::crypto {

/// HMAC-SHA-256 (RFC 2104) of `message`, 32 bytes.
std::string hmac_sha256(const Secret& key, std::string_view message);
/// The same in lower-case hex, 64 characters.
std::string hmac_sha256_hex(const Secret& key, std::string_view message);

}  // namespace ostler::crypto
