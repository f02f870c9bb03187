// SPDX-License-Identifier: Apache-2.0
#include "model/variables.hpp"

#include <algorithm>

namespace ostler::model {

Variables overlaid(Variables lower, const Variables& upper) {
  for (const auto& variable : upper) {
    const auto same = std::ranges::find(lower, variable.first, &Variables::value_type::first);
    if (same == lower.end()) {
      lower.push_back(variable);
    } else {
      same->second = variable.second;
    }
  }
  return lower;
}

}  // namespace ostler::model
