// SPDX-License-Identifier: Apache-2.0
#include "model/variables.hpp"

namespace ostler::model {

VariableLayers::VariableLayers(Variables lowest) : variables_(std::move(lowest)) {
  for (std::size_t at = 0; at < variables_.size(); ++at) places_.emplace(variables_[at].first, at);
}

void VariableLayers::put(std::string name, std::string value) {
  const auto [place, is_new] = places_.try_emplace(name, variables_.size());
  if (is_new) {
    variables_.emplace_back(std::move(name), std::move(value));
  } else {
    variables_[place->second].second = std::move(value);
  }
}

void VariableLayers::put(const Variables& upper) {
  for (const auto& [name, value] : upper) put(name, value);
}

Variables overlaid(Variables lower, const Variables& upper) {
  VariableLayers layers(std::move(lower));
  layers.put(upper);
  return std::move(layers).take();
}

}  // namespace ostler::model
