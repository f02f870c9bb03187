// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ostler::plugin_host {

/// A JSON number as it was written, whatever its size: nothing of it is rounded.
class ExactNumber {
 public:
  /// Requires: a number of JSON.
  explicit ExactNumber(std::string_view text);

  /// Whether it has no fraction: 4, 4.0 and 1e3 have none.
  bool is_whole() const { return exponent_ >= 0; }
  /// None when it has a fraction or is beyond 64 bits.
  std::optional<std::int64_t> as_int64() const;
  /// None when the divisor is negative, zero or has more than 37 digits.
  std::optional<bool> is_multiple_of(const ExactNumber& divisor) const;

  friend bool operator==(const ExactNumber&, const ExactNumber&) = default;
  friend std::strong_ordering operator<=>(const ExactNumber& a, const ExactNumber& b);

 private:
  std::strong_ordering magnitude_against(const ExactNumber& other) const;

  bool is_negative_ = false;
  std::string digits_;         ///< without zeros at either end; empty: zero
  std::int64_t exponent_ = 0;  ///< the digits are multiplied by ten to this power
};

}  // namespace ostler::plugin_host
