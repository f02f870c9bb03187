// SPDX-License-Identifier: Apache-2.0
#include "net/path_pattern.hpp"

#include <algorithm>

namespace ostler::net {
namespace {

std::string_view take_segment(std::string_view& pattern) {
  const std::string_view segment = pattern.substr(0, pattern.find('/'));
  pattern.remove_prefix(std::min(pattern.size(), segment.size() + 1));
  return segment;
}

}  // namespace

std::optional<PathParameters> match_path(std::string_view pattern,
                                         std::span<const std::string> segments) {
  PathParameters parameters;
  for (const std::string& segment : segments) {
    if (pattern.empty()) return std::nullopt;
    const std::string_view expected = take_segment(pattern);
    if (expected.starts_with(':')) {
      parameters.emplace_back(expected.substr(1), segment);
    } else if (expected != segment) {
      return std::nullopt;
    }
  }
  if (!pattern.empty()) return std::nullopt;
  return parameters;
}

}  // namespace ostler::net
