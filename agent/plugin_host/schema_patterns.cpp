// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/schema_patterns.hpp"

#include <limits>
#include <utility>

namespace ostler::plugin_host {
namespace {

constexpr std::int64_t kWorkOfReading = 400'000;
constexpr std::size_t kMostKept = 100;

}  // namespace

Result<bool> SchemaPatterns::is_found(const std::string& pattern, const std::string& text,
                                      std::int64_t& work) {
  auto known = known_.find(pattern);
  if (known == known_.end()) {
    work += kWorkOfReading;
    OSTLER_TRY(auto regex, pipeline::compile_condition_regex(pattern, false));
    if (known_.size() == kMostKept) known_.clear();
    known = known_.emplace(pattern, std::move(regex)).first;
  }
  constexpr auto kAll = std::numeric_limits<std::int64_t>::max();
  std::int64_t left = kAll;
  auto found = pipeline::matches(text, *known->second, left);
  work += kAll - left;
  return found;
}

}  // namespace ostler::plugin_host
