// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <array>
#include <cstdio>
#include <ctime>

#include "base/assert.hpp"

namespace ostler {
namespace {

constexpr std::int64_t kMicrosPerSecond = 1'000'000;

std::int64_t read_clock_nanos(clockid_t id) {
  timespec at{};
  clock_gettime(id, &at);
  return std::int64_t{at.tv_sec} * 1'000'000'000 + at.tv_nsec;
}

/// Reads a run of exactly `count` decimal digits; -1 if there is none.
int take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (const char digit : text.substr(0, count)) {
    if (digit < '0' || digit > '9') return -1;
    value = value * 10 + (digit - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// Reads an optional ".digits"; microseconds, or none when the dot has no digits.
std::optional<std::int64_t> take_fraction(std::string_view& text) {
  if (!take(text, ".,")) return 0;
  std::int64_t micros = 0;
  std::int64_t unit = kMicrosPerSecond / 10;
  std::size_t used = 0;
  while (used < text.size() && text[used] >= '0' && text[used] <= '9') {
    micros += unit * (text[used] - '0');
    unit /= 10;
    ++used;
  }
  if (used == 0) return std::nullopt;
  text.remove_prefix(used);
  return micros;
}

/// Reads "Z" or "+hh:mm"; seconds east of UTC.
std::optional<int> take_offset(std::string_view& text) {
  if (take(text, "Zz")) return 0;
  const bool west = !text.empty() && text.front() == '-';
  if (!take(text, "+-")) return std::nullopt;
  const int hours = take_digits(text, 2);
  take(text, ":");
  const int minutes = take_digits(text, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  const int seconds = hours * 3600 + minutes * 60;
  return west ? -seconds : seconds;
}

bool in_range(const tm& fields) {
  return fields.tm_mon >= 0 && fields.tm_mon < 12 && fields.tm_mday >= 1 && fields.tm_mday <= 31 &&
         fields.tm_hour >= 0 && fields.tm_hour < 24 && fields.tm_min >= 0 && fields.tm_min < 60 &&
         fields.tm_sec >= 0 && fields.tm_sec <= 60;
}

}  // namespace

std::string format_rfc3339(Timestamp at, int digits) {
  OSTLER_ASSERT(digits == 0 || digits == 3 || digits == 6 || digits == 9);
  std::int64_t micros = at.micros % kMicrosPerSecond;
  time_t seconds = static_cast<time_t>(at.micros / kMicrosPerSecond);
  if (micros < 0) {
    micros += kMicrosPerSecond;
    --seconds;
  }
  tm fields{};
  gmtime_r(&seconds, &fields);
  std::array<char, 32> text{};
  // Not %Y, which prints the years before 1000 without their zeros.
  std::snprintf(text.data(), text.size(), "%04d", fields.tm_year + 1900);
  std::string out(text.data());
  out.append(text.data(), strftime(text.data(), text.size(), "-%m-%dT%H:%M:%S", &fields));
  if (digits > 0) {
    std::array<char, 16> fraction{};
    std::snprintf(fraction.data(), fraction.size(), "%06d000", static_cast<int>(micros));
    out += '.';
    out.append(fraction.data(), static_cast<std::size_t>(digits));
  }
  return out + 'Z';
}

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
  tm fields{};
  fields.tm_year = take_digits(text, 4) - 1900;
  if (fields.tm_year < -1900 || !take(text, "-")) return std::nullopt;
  fields.tm_mon = take_digits(text, 2) - 1;
  if (!take(text, "-")) return std::nullopt;
  fields.tm_mday = take_digits(text, 2);
  if (!take(text, "Tt ")) return std::nullopt;
  fields.tm_hour = take_digits(text, 2);
  if (!take(text, ":")) return std::nullopt;
  fields.tm_min = take_digits(text, 2);
  if (!take(text, ":")) return std::nullopt;
  fields.tm_sec = take_digits(text, 2);
  const auto fraction = take_fraction(text);
  const auto offset = take_offset(text);
  if (!in_range(fields) || !fraction || !offset || !text.empty()) return std::nullopt;
  const std::int64_t seconds = std::int64_t{timegm(&fields)} - *offset;
  return Timestamp{seconds * kMicrosPerSecond + *fraction};
}

Timestamp SystemClock::now() const { return {read_clock_nanos(CLOCK_REALTIME) / 1000}; }

std::chrono::nanoseconds SystemClock::since_boot() const {
  return std::chrono::nanoseconds(read_clock_nanos(CLOCK_BOOTTIME));
}

}  // namespace ostler
