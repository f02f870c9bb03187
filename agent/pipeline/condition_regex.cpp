// SPDX-License-Identifier: Apache-2.0
#include "pipeline/condition_regex.hpp"

#include <re2/re2.h>

#include <cstddef>
#include <string_view>
#include <utility>

namespace ostler::pipeline {
namespace {

// Conditions are read and answered where others wait for it, so that a regex may cost about a
// millisecond to read and, at its worst, ten nanoseconds for each byte of a text and each of its
// instructions to use.
constexpr std::int64_t kRegexMemory = 64 << 10;
constexpr std::size_t kLongestPattern = 1'000;
constexpr int kMostInstructions = 1'500;
constexpr std::size_t kLongestSubject = 64u << 10;
/// Each is hundreds of ranges, which RE2 takes in one by one.
constexpr int kMostUnicodeClasses = 4;

Error regex_fault(std::string text) { return Error(Errc::UserFault, std::move(text)); }

int count_unicode_classes(std::string_view pattern) {
  int count = 0;
  for (auto at = pattern.find('\\'); at < pattern.size(); at = pattern.find('\\', at + 2)) {
    count +=
        int{pattern.substr(at + 1).starts_with('p') || pattern.substr(at + 1).starts_with('P')};
  }
  return count;
}

}  // namespace

Result<ConditionRegex> compile_condition_regex(const std::string& pattern, bool ignores_case) {
  if (pattern.size() > kLongestPattern) {
    return regex_fault("the regex is longer than 1000 bytes; shorten it");
  }
  if (count_unicode_classes(pattern) > kMostUnicodeClasses) {
    return regex_fault("the regex has more than 4 classes \\p; use fewer");
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kRegexMemory);
  options.set_case_sensitive(!ignores_case);
  auto regex = std::make_shared<const re2::RE2>(pattern, options);
  const bool is_too_large = regex->error_code() == re2::RE2::ErrorPatternTooLarge ||
                            (regex->ok() && regex->ProgramSize() > kMostInstructions);
  if (is_too_large) {
    return regex_fault("the regex is too large; use fewer or smaller repetitions and classes");
  }
  if (regex->ok()) return regex;
  return regex_fault("the regex cannot be used: " + regex->error() +
                     "; write it in the syntax of RE2, without looking ahead or behind");
}

Result<bool> matches(const std::string& text, const re2::RE2& regex, std::int64_t& work_left) {
  if (text.size() > kLongestSubject) {
    return regex_fault("a text of " + std::to_string(text.size()) +
                       " bytes is too long for a regex; the longest has 65536");
  }
  work_left -= static_cast<std::int64_t>(text.size()) * regex.ProgramSize();
  if (work_left < 0) {
    return regex_fault(
        "the conditions of this build have too many or too large regexes for texts this long; "
        "shorten one of them");
  }
  return re2::RE2::PartialMatch(text, regex);
}

}  // namespace ostler::pipeline
