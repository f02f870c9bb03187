// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/schema_bounds.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace ostler::plugin_host {
namespace {

/// Of the stack, a quarter of what a thread usually has.
constexpr std::size_t kMostStack = 2 << 20;
constexpr std::int64_t kStepsOfRegex = 100;  ///< to read one
constexpr std::int64_t kComparedOfStep = 16;
constexpr std::int64_t kComparedOfName = 4;
constexpr std::size_t kTextOfStep = 256;         ///< bytes
constexpr std::size_t kPlaceOfStep = 256;        ///< bytes
constexpr std::int64_t kRegexWorkOfStep = 4096;  ///< bytes of a text times instructions
constexpr std::size_t kMostRegexes = 100;        ///< kept

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
  const auto& regex = read(pattern);
  std::int64_t work_left = std::numeric_limits<std::int64_t>::max();
  const auto found = pipeline::matches(text, *regex, work_left);
  pay(1 + (std::numeric_limits<std::int64_t>::max() - work_left) / kRegexWorkOfStep);
  if (!found) throw OutOfBounds(found.error().message());
  return found.value();
}

const pipeline::ConditionRegex& Bounds::read(const std::string& pattern) {
  const auto known = regexes_.find(pattern);
  if (known != regexes_.end()) return known->second;
  pay(kStepsOfRegex);
  auto regex = pipeline::compile_condition_regex(pattern, false);
  if (!regex) throw std::runtime_error(regex.error().message());
  if (regexes_.size() == kMostRegexes) regexes_.clear();
  return regexes_.emplace(pattern, std::move(regex).value()).first->second;
}

}  // namespace ostler::plugin_host
