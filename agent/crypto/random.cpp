// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.hpp"

#include <sys/random.h>

#include <string_view>
#include <vector>

#include "base/assert.hpp"

namespace ostler::crypto {

std::string random_token(std::size_t bytes) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  OSTLER_ASSERT(bytes <= 256);
  std::vector<unsigned char> raw(bytes);
  OSTLER_ASSERT(::getrandom(raw.data(), raw.size(), 0) == static_cast<ssize_t>(bytes));
  std::string text;
  unsigned pending = 0;
  unsigned bits = 0;
  for (const unsigned char byte : raw) {
    pending = (pending << 8 | byte) & 0xFFFF;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += kAlphabet[pending >> bits & 63];
    }
  }
  if (bits > 0) text += kAlphabet[pending << (6 - bits) & 63];
  return text;
}

}  // namespace ostler::crypto
