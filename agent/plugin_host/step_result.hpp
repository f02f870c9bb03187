// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::supervise {
struct BoxResult;
}

namespace ostler::plugin_host {

/// How a step ended; the numbers are the ABI's.
enum class Outcome : std::int32_t { Passed, Failed, Skipped, Error, Cancelled };

/// "passed", "failed", "skipped", "error", "cancelled".
std::string_view to_string(Outcome outcome);

struct StepResult {
  Outcome outcome = Outcome::Error;
  int exit_status = 1;  ///< what the job's command ends with, 0 to 255
  bool is_retryable = false;
  std::string reason = {};   ///< [a-z0-9_]*, at most 64 bytes
  std::string message = {};  ///< one line in a verdict
  std::string hint = {};     ///< one line in a verdict
  std::string detail = {};   ///< JSON, or empty
};

/// Leaves the first line of what is for people, at most 4 KiB of it: a long message must not cost
/// the result. True when something was left out. A text that may hold secrets is rid of them first:
/// half a secret is not found.
bool keep_first_line(std::string& text);

/// The result that a plugin has set, its texts whole. Errors: UserFault when it breaks a rule of
/// the ABI.
Result<StepResult> read_result(const supervise::BoxResult& said);

/// As one JSON object: outcome, exit_status, retryable, and reason, message, hint and detail where
/// there are any.
std::string encode_result(const StepResult& result);

/// For people: "failed (no_such_host): what happened; what to do about it".
std::string describe(const StepResult& result);

}  // namespace ostler::plugin_host
