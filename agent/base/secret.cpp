// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <string.h>

namespace ostler {

Secret::~Secret() { ::explicit_bzero(text_.data(), text_.size()); }

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference |=
        static_cast<unsigned char>(a[i]) ^ static_cast<unsigned>(static_cast<unsigned char>(b[i]));
  }
  return difference == 0;
}

}  // namespace ostler
