// SPDX-License-Identifier: Apache-2.0
#include "wire/report_words.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "base/joined.hpp"
#include "wire/json_list.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

constexpr std::size_t kNamed = 3;                         // tests, files, results in one line
constexpr std::int64_t kMostCounted = 1'000'000'000'000;  // what is said can be reckoned with
const json kAbsent;

const json& part(const json& value, const char* name) {
  if (!value.is_object()) return kAbsent;
  const auto found = value.find(name);
  return found == value.end() ? kAbsent : *found;
}

std::int64_t report_number(const json& value, const char* name) {
  const json& found = part(value, name);
  if (!found.is_number_integer()) return 0;
  return std::clamp<std::int64_t>(found.get<std::int64_t>(), 0, kMostCounted);
}

/// "a, b, c and 4 more", after `before`; empty for none. `all`: how many there are.
std::string first_of(const json& list, std::int64_t all, std::string_view before,
                     std::string (*name)(const json&)) {
  std::vector<std::string> names;
  for (const json& item : list) {
    if (names.size() == kNamed) break;
    names.push_back(name(item));
  }
  if (names.empty()) return {};
  const std::int64_t more = all - static_cast<std::int64_t>(names.size());
  return std::string(before) + joined(names, ", ") +
         (more > 0 ? " and " + std::to_string(more) + " more" : "");
}

std::string name_of_test(const json& test) {
  const std::string of_class = text_in(test, "class");
  return of_class.empty() ? text_in(test, "name") : of_class + "." + text_in(test, "name");
}

std::string failed_tests(const json& summary) {
  const std::int64_t failed = report_number(summary, "failures") + report_number(summary, "errors");
  if (failed <= 0) return {};
  return std::to_string(failed) + " of " + std::to_string(report_number(summary, "tests")) +
         " failed" + first_of(part(summary, "failed"), failed, ": ", name_of_test);
}

std::string describe_junit(const json& summary) {
  std::string failed = failed_tests(summary);
  if (!failed.empty()) return failed;
  const std::int64_t skipped = report_number(summary, "skipped");
  const std::int64_t passed = report_number(summary, "tests") - skipped;
  return std::to_string(passed) + " passed" +
         (skipped > 0 ? ", " + std::to_string(skipped) + " skipped" : "");
}

/// "81.2 %"; rounded down, so that 100 % is all of it.
std::string share_of_lines(const json& lines) {
  const std::int64_t valid = report_number(lines, "lines_valid");
  if (valid <= 0) return "100 %";
  const std::int64_t thousandths = report_number(lines, "lines_covered") * 1000 / valid;
  return std::to_string(thousandths / 10) + "." + std::to_string(thousandths % 10) + " %";
}

std::string name_of_file(const json& file) {
  return text_in(file, "file") + " " + share_of_lines(file);
}

std::string describe_coverage(const json& summary) {
  const json& lowest = part(summary, "lowest");
  return share_of_lines(summary) + " of " + std::to_string(report_number(summary, "lines_valid")) +
         " lines" + first_of(lowest, 0, "; least: ", name_of_file);
}

std::string name_of_result(const json& result) {
  const std::string file = text_in(result, "file");
  const std::int64_t line = report_number(result, "line");
  return text_in(result, "rule") + (file.empty() ? "" : " " + file) +
         (line > 0 ? ":" + std::to_string(line) : "");
}

std::string count_of(std::int64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string describe_sarif(const json& summary) {
  const json& levels = part(summary, "levels");
  const std::int64_t errors = report_number(levels, "error");
  const std::int64_t warnings = report_number(levels, "warning");
  const std::int64_t notes = report_number(levels, "note");
  return count_of(errors, "error") + ", " + count_of(warnings, "warning") + ", " +
         count_of(notes, "note") +
         first_of(part(summary, "results"),
                  errors + warnings + notes + report_number(levels, "none"), ": ", name_of_result);
}

std::string describe_table(const json& summary) {
  return count_of(static_cast<std::int64_t>(part(summary, "rows").size()), "row") + " of " +
         count_of(static_cast<std::int64_t>(part(summary, "columns").size()), "column");
}

}  // namespace

std::string describe_report(const json& data) {
  const std::string kind = text_in(data, "kind");
  const json& summary = part(data, "summary");
  const std::string begin = kind + " " + text_in(data, "name") + ": ";
  if (kind == "junit") return begin + describe_junit(summary);
  if (kind == "coverage") return begin + describe_coverage(summary);
  if (kind == "sarif") return begin + describe_sarif(summary);
  if (kind == "table") return begin + describe_table(summary);
  return kind + " " + text_in(data, "name");
}

std::string describe_failed_tests(const json& data) {
  return text_in(data, "kind") == "junit" ? failed_tests(part(data, "summary")) : std::string();
}

}  // namespace ostler::wire
