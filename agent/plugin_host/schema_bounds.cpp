// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/schema_bounds.hpp"

#include <algorithm>

namespace ostler::plugin_host {
namespace {

/// Of the stack, a quarter of what a thread usually has.
constexpr std::size_t kMostStack = 2 << 20;
constexpr std::int64_t kComparedOfStep = 16;
constexpr std::int64_t kComparedOfName = 4;
constexpr std::size_t kTextOfStep = 256;         ///< bytes
constexpr std::size_t kPlaceOfStep = 256;        ///< bytes
constexpr std::int64_t kRegexWorkOfStep = 4096;  ///< bytes of a text times instructions

}  // namespace

void Bounds::check_depth() const {
  const auto top = here();
  if (std::max(top, bottom_) - std::min(top, bottom_) < kMostStack) return;
  throw OutOfBounds("too many schemas lead to each other");
}

void Bounds::pay(std::int64_t steps) {
  steps_left_ -= steps;
  if (steps_left_ < 0) throw OutOfBounds("takes too long to judge by its schema");
}

void Bounds::pay_for_compared(std::int64_t count) {
  compared_ += count;
  pay(compared_ / kComparedOfStep);
  compared_ %= kComparedOfStep;
}

void Bounds::pay_for_name() { pay_for_compared(kComparedOfName); }

void Bounds::pay_for_text(std::size_t bytes) {
  pay(static_cast<std::int64_t>(bytes / kTextOfStep));
}

void Bounds::pay_for_place(const std::vector<std::string>& context) {
  std::size_t bytes = 0;
  for (const std::string& part : context) bytes += sizeof(part) + part.size();
  pay(static_cast<std::int64_t>(bytes / kPlaceOfStep));
}

bool Bounds::is_found(const std::string& pattern, const std::string& text) {
  std::int64_t work = 0;
  const auto found = patterns_.is_found(pattern, text, work);
  pay(1 + work / kRegexWorkOfStep);
  if (!found) throw OutOfBounds(found.error().message());
  return found.value();
}

}  // namespace ostler::plugin_host
