// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace ostler::crypto {

/// `size` random bytes, fit for a key.
std::string random_bytes(std::size_t size);

/// `bytes` random bytes as URL-safe base64 without padding, fit for a token.
std::string random_token(std::size_t bytes = 32);

}  // namespace ostler::crypto
