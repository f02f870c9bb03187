// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "environment/variables.hpp"

namespace ostler::environment {

/// The globs in force when BUILDKITE_REDACTED_VARS is unset or empty, as that variable is written.
inline constexpr std::string_view kDefaultRedactedVars =
    "*_PASSWORD,*_SECRET,*_TOKEN,*_PRIVATE_KEY,*_SSH_KEY,*_ACCESS_KEY,*_SECRET_KEY,"
    "*_CONNECTION_STRING,*_API_KEY";

/// Values shorter than this are not redacted: they would hide half the log.
inline constexpr std::size_t kShortestRedactedValue = 6;  // bytes

/// Whether `name` matches a shell glob: * ? [a-z] [^a] \x, where * does not cross '/'.
/// Errors: UserFault when the pattern is malformed.
Result<bool> matches_glob(std::string_view pattern, std::string_view name);

/// What the globs say about an environment.
struct RedactedValues {
  std::vector<std::string> values;        ///< to be hidden
  std::vector<std::string> short_names;   ///< matched, but too short to hide; sorted
  std::vector<std::string> bad_patterns;  ///< malformed globs, in their order
};

/// Applies BUILDKITE_REDACTED_VARS (comma list; the default when unset or empty) to `variables`.
/// Source: job-lifecycle 3.7.
RedactedValues redacted_values(const Variables& variables);

}  // namespace ostler::environment
