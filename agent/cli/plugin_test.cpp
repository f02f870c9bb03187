// SPDX-License-Identifier: Apache-2.0
// `ostler plugin test`: golden cases of a step plugin.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "base/split_lines.hpp"
#include "cli/case_record.hpp"
#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/plugin_box.hpp"
#include "cli/plugin_case.hpp"
#include "cli/plugin_place.hpp"
#include "cli/run_functions.hpp"
#include "console/terminal.hpp"
#include "files/file.hpp"
#include "wire/json_reader.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kTestExamples =
    "Examples:\n"
    "  ostler plugin test build/greet cases --accept     keeps what the plugin says\n"
    "  ostler plugin test build/greet cases              compares it with that\n"
    "  ostler plugin test build/greet cases --case new --record --accept\n"
    "A case is a file NAME.json with a configuration, and what it leaves is in NAME.expected; the\n"
    "workspace has the files of NAME.workspace/, where there is one. NAME.http.json has what "
    "servers\n"
    "answer: a case asks none. A secret is its own name there, {secret:TOKEN} is TOKEN. What job "
    "it\n"
    "is, what other steps have left and what was kept before stands in NAME.job.json.\n"
    "--record needs real values, in variables of those names, and keeps them out of the file; "
    "what\n"
    "else servers said is in it: look at it before you commit it.\n";
constexpr std::size_t kLongestExpected = 8u << 20;  // bytes

struct TestOptions {
  PluginPlace place;
  std::string cases;
  std::vector<std::string> names;  ///< of cases; none: all
  bool records = false;
  bool accepts = false;
  bool has_real_time = false;
  bool as_json = false;
  int time_limit = 60;
};

/// What came of one case.
struct CaseResult {
  std::string name;
  std::optional<std::size_t> recorded{};  ///< requests that servers were asked
  bool has_passed = false;
  std::optional<std::string> expected{};  ///< none: nothing is expected yet
  std::string found{};                    ///< what the plugin says now
};

Result<std::vector<PluginCase>> cases_in(const fs::path& directory) {
  std::vector<PluginCase> cases;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename();
    const bool is_case =
        name.ends_with(".json") && !name.ends_with(kExchangesOfCase) && !name.ends_with(kJobOfCase);
    if (is_case) cases.push_back({entry.path()});
  }
  if (error) return Error::from_errno(error.value(), "read the cases in " + directory.string());
  if (cases.empty()) {
    return Error(Errc::UserFault, directory.string() +
                                      " has no cases: write a configuration for the plugin to "
                                      "NAME.json, and give --accept");
  }
  std::ranges::sort(cases, {}, &PluginCase::config);
  return cases;
}

/// Of those in `cases`, which are not all when there is a name.
Result<void> keep_named(std::vector<PluginCase>& cases, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (std::ranges::find(cases, name, &PluginCase::name) != cases.end()) continue;
    return Error(Errc::UserFault, "there is no case " + name);
  }
  if (names.empty()) return success();
  std::erase_if(cases, [&](const PluginCase& one) {
    return std::ranges::find(names, one.name()) == names.end();
  });
  return success();
}

/// What is between the lines that both begin with and those that both end with.
void show_difference(const std::string& expected, const std::string& found) {
  const auto old_lines = split_lines(expected);
  const auto new_lines = split_lines(found);
  const std::size_t least = std::min(old_lines.size(), new_lines.size());
  std::size_t first = 0;
  while (first < least && old_lines[first] == new_lines[first]) ++first;
  std::size_t last = 0;
  while (last < least - first &&
         old_lines[old_lines.size() - 1 - last] == new_lines[new_lines.size() - 1 - last]) {
    ++last;
  }
  for (std::size_t i = first; i < old_lines.size() - last; ++i)
    console::print_plain("  - " + old_lines[i]);
  for (std::size_t i = first; i < new_lines.size() - last; ++i)
    console::print_plain("  + " + new_lines[i]);
}

Result<std::optional<std::string>> expected_of(const PluginCase& golden) {
  auto expected = files::read_file(golden.expected(), kLongestExpected);
  if (expected) return std::optional(std::move(expected).value());
  if (expected.error().code() == Errc::NotFound) return std::optional<std::string>();
  return std::move(expected).error();
}

Result<CaseResult> test_case(const plugin_host::Bundle& bundle, const PluginCase& golden,
                             const TestOptions& options) {
  CaseResult result{.name = golden.name()};
  const auto limit = std::chrono::seconds(options.time_limit);
  if (options.records) {
    OSTLER_TRY(result.recorded, record_case(bundle, golden, limit));
  }
  OSTLER_TRY(result.found,
             run_case(bundle, golden, {.limit = limit, .is_real = options.has_real_time}));
  if (options.accepts) {
    constexpr mode_t kExpectedMode = 0644;
    OSTLER_TRY(files::write_file_atomically(golden.expected(), result.found, kExpectedMode));
    result.expected = result.found;
  } else {
    OSTLER_TRY(result.expected, expected_of(golden));
  }
  result.has_passed = result.expected == result.found;
  return result;
}

void tell_case(const CaseResult& result, bool accepts) {
  if (result.recorded) {
    console::print_plain("recorded " + result.name + ": " + std::to_string(*result.recorded) +
                         (*result.recorded == 1 ? " request" : " requests"));
  }
  const std::string what = accepts ? "accepted " : result.has_passed ? "passed " : "failed ";
  const bool is_open = !result.expected;
  console::print_plain(what + result.name +
                       (is_open ? ": nothing is expected yet; --accept keeps this:" : ""));
  if (!result.has_passed) show_difference(result.expected.value_or(""), result.found);
}

std::string json_of(const std::vector<CaseResult>& results) {
  nlohmann::json list = nlohmann::json::array();
  for (const CaseResult& result : results) {
    list.push_back({{"case", result.name},
                    {"passed", result.has_passed},
                    {"expected", nullptr},
                    {"found", result.found},
                    {"recorded_requests", nullptr}});
    if (result.expected) list.back()["expected"] = *result.expected;
    if (result.recorded) list.back()["recorded_requests"] = *result.recorded;
  }
  return wire::to_text(list);
}

/// How many cases failed.
Result<std::size_t> test_all(const TestOptions& options) {
  OSTLER_TRY(const auto bundle, options.place.open());
  OSTLER_TRY(auto cases, cases_in(options.cases));
  OSTLER_TRY(keep_named(cases, options.names));
  std::vector<CaseResult> results;
  for (const PluginCase& golden : cases) {
    OSTLER_TRY(results.emplace_back(), test_case(bundle, golden, options));
    if (!options.as_json) tell_case(results.back(), options.accepts);
  }
  const auto passed =
      static_cast<std::size_t>(std::ranges::count(results, true, &CaseResult::has_passed));
  if (options.as_json) {
    console::Terminal::of_standard_output().print_line(json_of(results));
  } else {
    console::print_plain(std::to_string(passed) + " of " + std::to_string(results.size()) +
                         (options.accepts ? " accepted" : " passed"));
  }
  return results.size() - passed;
}

}  // namespace

int run_plugin_test(const Arguments& arguments) {
  TestOptions options;
  CLI::App app("Runs a step plugin with each of its cases, and compares what it says and does",
               "plugin test");
  options.place.add_to(app);
  app.add_option("CASES", options.cases, "Directory with the cases")->required();
  app.add_option("--case", options.names, "Only the case of this name; repeatable")
      ->allow_extra_args(false);
  app.add_flag("--record", options.records,
               "First run each case with the real servers that the plugin may ask, and keep what "
               "they answer in NAME.http.json");
  app.add_flag("--accept", options.accepts, "Keep what the plugin says now as what it shall say");
  app.add_option("--time-limit", options.time_limit, "Seconds that a case may take; without it 60")
      ->check(CLI::Range(1, 3600));
  app.add_flag("--real-time", options.has_real_time,
               "Have plugins really wait when they sleep; else that takes no time");
  app.add_flag("--json", options.as_json, "As a JSON array of cases, once all have run");
  app.footer(kTestExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  ignore_closed_pipes();
  const auto failed = test_all(options);
  if (!failed) return fail(failed.error());
  return failed.value() == 0 ? kExitOk : kExitFailed;
}

}  // namespace ostler::cli
