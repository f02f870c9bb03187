// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>

#include "model/pipeline_definition.hpp"

namespace ostler::model {

/// Variables in the order in which their names came first; of equal names the last value wins.
class VariableLayers {
 public:
  VariableLayers() = default;
  explicit VariableLayers(Variables lowest);

  void put(std::string name, std::string value);
  /// Costs what `upper` has, however much is below it.
  void put(const Variables& upper);
  Variables take() && { return std::move(variables_); }

 private:
  Variables variables_;
  std::unordered_map<std::string, std::size_t> places_;  ///< by name
};

/// Two layers of one environment as one: the upper one's value wins, in the lower one's place.
Variables overlaid(Variables lower, const Variables& upper);

}  // namespace ostler::model
