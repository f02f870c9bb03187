// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ostler::net {

/// What a hexadecimal digit is worth; -1 for any other byte.
constexpr int hex_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  const char lower = static_cast<char>(digit | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace ostler::net
