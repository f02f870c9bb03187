// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ostler {

/// A point of wall-clock time: microseconds since 1970-01-01 UTC.
struct Timestamp {
  std::int64_t micros = 0;

  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
  friend Timestamp operator+(Timestamp at, std::chrono::microseconds by) {
    return {at.micros + by.count()};
  }
  friend std::chrono::microseconds operator-(Timestamp a, Timestamp b) {
    return std::chrono::microseconds(a.micros - b.micros);
  }
};

/// RFC 3339 in UTC with `digits` (0, 3, 6 or 9) of fraction: "2026-01-02T03:04:05.678Z".
std::string format_rfc3339(Timestamp at, int digits = 3);
/// The time that an RFC 3339 text with any offset and fraction names; none if it is not one.
std::optional<Timestamp> parse_rfc3339(std::string_view text);

/// Where time comes from. Loops take one, so that tests can move it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Wall-clock time.
  virtual Timestamp now() const = 0;
  /// Time that also passes while the machine sleeps and never jumps (CLOCK_BOOTTIME).
  virtual std::chrono::nanoseconds since_boot() const = 0;
};

/// The machine's own clock.
class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
  std::chrono::nanoseconds since_boot() const override;
};

}  // namespace ostler
