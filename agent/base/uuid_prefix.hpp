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

/// As much of a UUID's text as is shown in little space: its first three parts. They hold the time,
/// of which Uuid::make gives no two of a process the same; two parts are of a millisecond, in which
/// all jobs of a build are made. What is no UUID's text stays whole.
std::string_view short_form(std::string_view uuid);

}  // namespace ostler
