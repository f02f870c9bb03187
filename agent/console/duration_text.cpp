// SPDX-License-Identifier: Apache-2.0
#include "console/duration_text.hpp"

#include <algorithm>

namespace ostler::console {
namespace {

std::string two_digits(long long number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

/// "59m", "47h", "2d"
std::string one_unit_of(long long minutes) {
  if (minutes < 60) return std::to_string(minutes) + "m";
  const long long hours = minutes / 60;
  return hours < 48 ? std::to_string(hours) + "h" : std::to_string(hours / 24) + "d";
}

}  // namespace

std::string duration_text(std::chrono::microseconds duration) {
  const long long tenths = std::max<long long>(0, (duration.count() + 50'000) / 100'000);
  const long long seconds = tenths / 10;
  if (seconds < 60) return std::to_string(seconds) + "." + std::to_string(tenths % 10) + "s";
  const long long minutes = seconds / 60;
  if (minutes < 60) return std::to_string(minutes) + "m " + two_digits(seconds % 60) + "s";
  return std::to_string(minutes / 60) + "h " + two_digits(minutes % 60) + "m";
}

std::string age_text(std::chrono::microseconds age) {
  const long long minutes = std::chrono::duration_cast<std::chrono::minutes>(age).count();
  return minutes < 1 ? "now" : one_unit_of(minutes) + " ago";
}

std::string due_text(std::chrono::microseconds left) {
  if (left.count() <= 0) return "over";
  const long long minutes = std::chrono::ceil<std::chrono::minutes>(left).count();
  return "in " + one_unit_of(minutes);
}

}  // namespace ostler::console
