// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "pipeline/condition_regex.hpp"

namespace ostler::plugin_host {

/// The patterns of a schema, each of which is read once.
class SchemaPatterns {
 public:
  /// Whether `pattern` is found in `text`. Adds to `work` what that costs: bytes of texts times
  /// instructions of the regex.
  /// Errors: UserFault when the pattern is none, or the text too long for one.
  Result<bool> is_found(const std::string& pattern, const std::string& text, std::int64_t& work);

 private:
  std::unordered_map<std::string, pipeline::ConditionRegex> known_;
};

}  // namespace ostler::plugin_host
