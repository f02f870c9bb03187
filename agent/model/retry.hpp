// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ostler::model {

/// Who let a job run again. The number is stored: append, never renumber.
enum class RetryType : std::uint8_t { Automatic = 1, Manual = 2 };

/// "automatic".
std::string_view to_string(RetryType type);

/// When a job that failed runs again by itself. All conditions must hold.
struct RetryRule {
  /// None: whatever the status. Empty: 1 to 255, and so not that of a lost agent (-1).
  std::optional<std::vector<int>> exit_statuses = std::vector<int>();
  std::vector<std::string> signals{};         ///< "TERM", or "none"; empty: whatever the signal
  std::vector<std::string> signal_reasons{};  ///< "cancel", or "none"; empty: whatever the reason
  int limit = 2;                              ///< how often in a chain of retries; 0: never

  friend bool operator==(const RetryRule&, const RetryRule&) = default;
};

struct RetryPolicy {
  std::vector<RetryRule> automatic{};  ///< the first that matches decides
  bool manual_allowed = true;
  bool permit_on_passed = false;  ///< people may also retry a job that passed
  std::string reason{};           ///< why people may not; empty: none is given

  friend bool operator==(const RetryPolicy&, const RetryPolicy&) = default;
};

/// The rule that decides about a job that failed; none when no rule matches. Signal and reason are
/// empty where there is none. Source: reference/pipeline-yaml.md 10.1.
std::optional<std::size_t> deciding_rule(const std::vector<RetryRule>& rules, int exit_status,
                                         std::string_view signal, std::string_view signal_reason);

/// "TERM" of "SIGTERM" and "sigterm".
std::string signal_name(std::string_view signal);

}  // namespace ostler::model
