// SPDX-License-Identifier: Apache-2.0
#include "crypto/hex.hpp"

#include <string_view>

namespace ostler::crypto {

std::string to_hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    hex += kHexDigits[byte >> 4];
    hex += kHexDigits[byte & 15];
  }
  return hex;
}

}  // namespace ostler::crypto
