// SPDX-License-Identifier: Apache-2.0
#include "model/retry.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace ostler::model {
namespace {

constexpr int kLargestStatus = 255;

bool has_status(const RetryRule& rule, int exit_status) {
  if (!rule.exit_statuses) return true;
  if (rule.exit_statuses->empty()) return exit_status >= 1 && exit_status <= kLargestStatus;
  return std::ranges::find(*rule.exit_statuses, exit_status) != rule.exit_statuses->end();
}

/// Whether `words` is empty or has `word`; an empty word is "none".
bool admits(const std::vector<std::string>& words, std::string_view word) {
  return words.empty() || std::ranges::find(words, word.empty() ? "none" : word) != words.end();
}

bool matches(const RetryRule& rule, int exit_status, const std::string& signal,
             std::string_view signal_reason) {
  return has_status(rule, exit_status) && admits(rule.signals, signal) &&
         admits(rule.signal_reasons, signal_reason);
}

}  // namespace

std::string_view to_string(RetryType type) {
  switch (type) {
    case RetryType::Automatic: return "automatic";
    case RetryType::Manual: return "manual";
  }
  OSTLER_ASSERT(false);
}

std::optional<std::size_t> deciding_rule(const std::vector<RetryRule>& rules, int exit_status,
                                         std::string_view signal, std::string_view signal_reason) {
  const std::string name = signal_name(signal);
  const auto found = std::ranges::find_if(rules, [&](const RetryRule& rule) {
    return matches(rule, exit_status, name, signal_reason);
  });
  if (found == rules.end()) return std::nullopt;
  return static_cast<std::size_t>(found - rules.begin());
}

std::string signal_name(std::string_view signal) {
  std::string name(signal);
  for (char& letter : name) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return name.starts_with("SIG") ? name.substr(3) : name;
}

}  // namespace ostler::model
