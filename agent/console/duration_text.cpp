// SPDX-License-Identifier: Apache-2.0
#include "console/duration_text.hpp"

#include <algorithm>

namespace ostler::console {
namespace {

std::string two_digits(long long number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
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
  if (minutes < 1) return "now";
  if (minutes < 60) return std::to_string(minutes) + "m ago";
  const long long hours = minutes / 60;
  return hours < 48 ? std::to_string(hours) + "h ago" : std::to_string(hours / 24) + "d ago";
}

}  // namespace ostler::console
