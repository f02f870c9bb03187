// SPDX-License-Identifier: Apache-2.0
#include "model/concurrency.hpp"

namespace ostler::model {

std::string_view to_string(ConcurrencyMethod method) {
  return method == ConcurrencyMethod::Eager ? "eager" : "ordered";
}

std::optional<ConcurrencyMethod> concurrency_method(std::string_view name) {
  for (const auto method : {ConcurrencyMethod::Ordered, ConcurrencyMethod::Eager}) {
    if (to_string(method) == name) return method;
  }
  return std::nullopt;
}

}  // namespace ostler::model
