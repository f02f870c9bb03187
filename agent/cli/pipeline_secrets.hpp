// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "environment/variables.hpp"

namespace ostler::cli {

/// The names of secret variables whose values a pipeline would give away: those of `process` whose
/// value stands somewhere in it, and those that one of its `env` sets to more than another
/// variable. What is secret is said by BUILDKITE_REDACTED_VARS of `process`, as in logs.
/// `json` is a pipeline as it is uploaded. Sorted, each once.
/// Source: job-lifecycle 9.6.
std::vector<std::string> secrets_in_pipeline(std::string_view json,
                                             const environment::Variables& process);

}  // namespace ostler::cli
