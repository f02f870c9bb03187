// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

// What tests, coverage tools and linters leave, told in short. The files are anybody's: they are
// read in a process of their own (`ostler-host job-report`).
namespace ostler::report {

/// Of a report that is read at once: XML and lcov in one pass, SARIF as a tree.
inline constexpr std::size_t kLongestReport = 64u << 20;
inline constexpr std::size_t kLongestSarif = 16u << 20;
inline constexpr std::size_t kLongestSummary = 48u << 10;  // bytes of its JSON, about

/// The summary of a report as JSON on one line; agent/docs/step-plugins.md has its fields. `kind`:
/// "junit"; "coverage", Cobertura's XML or lcov's records, by what is in it; "sarif".
/// Errors: UserFault for what is no such report, naming the place, and for another kind.
Result<std::string> summarize(std::string_view kind, std::string_view text);

}  // namespace ostler::report
