// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/uuid.hpp"

namespace ostler::model {

using ConcurrencyGroupId = Id<struct ConcurrencyGroupKind>;

/// Who goes next in a concurrency group. The number is stored: append, never renumber.
enum class ConcurrencyMethod : std::uint8_t {
  Ordered =
      1,      ///< the job of the oldest build; it waits for those before it that are not ready yet
  Eager = 2,  ///< of those that are ready, the one with the highest priority
};

/// "ordered".
std::string_view to_string(ConcurrencyMethod method);
std::optional<ConcurrencyMethod> concurrency_method(std::string_view name);

/// How many jobs may be under way at once, among all of the organization that name the same group.
struct Concurrency {
  std::string group;
  int limit = 1;  ///< at least 1
  ConcurrencyMethod method = ConcurrencyMethod::Ordered;

  friend bool operator==(const Concurrency&, const Concurrency&) = default;
};

}  // namespace ostler::model
