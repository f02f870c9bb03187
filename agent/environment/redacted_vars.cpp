// SPDX-License-Identifier: Apache-2.0
#include "environment/redacted_vars.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace ostler::environment {
namespace {

/// Takes one byte of a class, escaped or not, off the front; none when the pattern ends.
std::optional<char> take_class_byte(std::string_view& pattern) {
  if (pattern.starts_with('\\')) pattern.remove_prefix(1);
  if (pattern.empty()) return std::nullopt;
  const char byte = pattern.front();
  pattern.remove_prefix(1);
  return byte;
}

/// Takes "[...]" off the front and says whether `byte` is in it; none when it is malformed.
std::optional<bool> take_class(std::string_view& pattern, char byte) {
  pattern.remove_prefix(1);
  const bool negated = pattern.starts_with('^');
  if (negated) pattern.remove_prefix(1);
  bool inside = false;
  bool empty = true;
  while (empty || !pattern.starts_with(']')) {
    if (pattern.empty() || pattern.starts_with(']') || pattern.starts_with('-')) {
      return std::nullopt;
    }
    const auto low = take_class_byte(pattern);
    auto high = low;
    if (pattern.starts_with('-')) {
      pattern.remove_prefix(1);
      if (pattern.starts_with(']') || pattern.starts_with('-')) return std::nullopt;
      high = take_class_byte(pattern);
    }
    if (!low || !high) return std::nullopt;
    inside = inside || (*low <= byte && byte <= *high);
    empty = false;
  }
  pattern.remove_prefix(1);
  return inside != negated;
}

bool is_well_formed(std::string_view pattern) {
  while (!pattern.empty()) {
    if (pattern.front() == '[') {
      if (!take_class(pattern, 'x')) return false;
      continue;
    }
    const bool escape = pattern.front() == '\\';
    if (escape && pattern.size() == 1) return false;
    pattern.remove_prefix(escape ? 2 : 1);
  }
  return true;
}

/// Takes what matches one byte off the front of `pattern`. Requires: well formed, not at a star.
bool take_matching(std::string_view& pattern, char byte) {
  if (pattern.front() == '[') return *take_class(pattern, byte) && byte != '/';
  const bool any = pattern.front() == '?';
  if (pattern.front() == '\\') pattern.remove_prefix(1);
  const bool same = pattern.front() == byte;
  pattern.remove_prefix(1);
  return any ? byte != '/' : same;
}

/// The usual linear matcher: on a mismatch, the last star takes one byte more.
bool matches_well_formed(std::string_view pattern, std::string_view name) {
  std::optional<std::pair<std::string_view, std::string_view>> retry;
  while (!name.empty() || !pattern.empty()) {
    if (pattern.starts_with('*')) {
      pattern.remove_prefix(1);
      retry = {pattern, name};
      continue;
    }
    if (!name.empty() && !pattern.empty() && take_matching(pattern, name.front())) {
      name.remove_prefix(1);
      continue;
    }
    if (!retry || retry->second.empty() || retry->second.front() == '/') return false;
    retry->second.remove_prefix(1);
    pattern = retry->first;
    name = retry->second;
  }
  return true;
}

std::vector<std::string> patterns_of(const Variables& variables) {
  std::string_view list = value_of(variables, "BUILDKITE_REDACTED_VARS");
  if (list.empty()) list = kDefaultRedactedVars;
  std::vector<std::string> patterns;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (end > 0) patterns.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return patterns;
}

}  // namespace

Result<bool> matches_glob(std::string_view pattern, std::string_view name) {
  if (!is_well_formed(pattern)) {
    return Error(Errc::UserFault, "pattern \"" + std::string(pattern) + "\" is malformed");
  }
  return matches_well_formed(pattern, name);
}

RedactedValues redacted_values(const Variables& variables) {
  RedactedValues redacted;
  std::vector<std::string> patterns = patterns_of(variables);
  std::erase_if(patterns, [&](const std::string& pattern) {
    if (is_well_formed(pattern)) return false;
    redacted.bad_patterns.push_back(pattern);
    return true;
  });
  for (const auto& [name, value] : variables) {
    if (value.empty()) continue;
    const bool matched = std::ranges::any_of(
        patterns, [&](const std::string& pattern) { return matches_well_formed(pattern, name); });
    if (!matched) continue;
    const bool too_short = value.size() < kShortestRedactedValue;
    (too_short ? redacted.short_names : redacted.values).push_back(too_short ? name : value);
  }
  return redacted;
}

}  // namespace ostler::environment
