// SPDX-License-Identifier: Apache-2.0
#include "model/variables.hpp"

#include <cstddef>
#include <string_view>
#include <unordered_map>

namespace ostler::model {

Variables overlaid(Variables lower, const Variables& upper) {
  lower.reserve(lower.size() + upper.size());  // the names stay where they are
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t at = 0; at < lower.size(); ++at) places.emplace(lower[at].first, at);
  for (const auto& [name, value] : upper) {
    const auto [place, is_new] = places.try_emplace(name, lower.size());
    if (is_new) {
      lower.emplace_back(name, value);
    } else {
      lower[place->second].second = value;
    }
  }
  return lower;
}

}  // namespace ostler::model
