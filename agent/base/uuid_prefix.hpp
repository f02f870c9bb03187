// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "base/uuid.hpp"

namespace ostler {

/// The beginning of a UUID, as a person types one: all from `first` to `last` have it.
struct UuidPrefix {
  static constexpr std::size_t kFewestDigits = 8;

  Uuid first;
  Uuid last;

  /// Reads eight hex digits or more, of either letter case, with dashes where a UUID has them or
  /// without any; none if it is no such text, or a whole UUID.
  static std::optional<UuidPrefix> parse(std::string_view text);
};

}  // namespace ostler
