// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler {

/// The texts of a range with `separator` between them; empty for none.
template <class Texts>
std::string joined(const Texts& texts, std::string_view separator) {
  std::string all;
  bool is_first = true;
  for (const auto& text : texts) {
    if (!is_first) all += separator;
    all += text;
    is_first = false;
  }
  return all;
}

}  // namespace ostler
