// SPDX-License-Identifier: Apache-2.0
// `ostler plugin test`: golden cases of a step plugin.
#include <CLI/CLI.hpp>
#include <algorithm>
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
  int time_limit = 60;
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

/// Whether the plugin says what it said before.
Result<bool> compare(const PluginCase& golden, const std::string& found) {
  const auto expected = files::read_file(golden.expected(), kLongestExpected);
  if (!expected && expected.error().code() != Errc::NotFound) return expected.error();
  if (!expected) {
    console::print_plain("failed " + golden.name() +
                         ": nothing is expected yet; --accept keeps this:");
    show_difference("", found);
    return false;
  }
  const bool is_same = expected.value() == found;
  console::print_plain((is_same ? "passed " : "failed ") + golden.name());
  if (!is_same) show_difference(expected.value(), found);
  return is_same;
}

Result<void> record(const plugin_host::Bundle& bundle, const PluginCase& golden,
                    const TestOptions& options) {
  OSTLER_TRY(const std::size_t count,
             record_case(bundle, golden, std::chrono::seconds(options.time_limit)));
  console::print_plain("recorded " + golden.name() + ": " + std::to_string(count) +
                       (count == 1 ? " request" : " requests"));
  return success();
}

Result<bool> test_case(const plugin_host::Bundle& bundle, const PluginCase& golden,
                       const TestOptions& options) {
  if (options.records) {
    OSTLER_TRY(record(bundle, golden, options));
  }
  OSTLER_TRY(const std::string found, run_case(bundle, golden,
                                               {.limit = std::chrono::seconds(options.time_limit),
                                                .is_real = options.has_real_time}));
  if (!options.accepts) return compare(golden, found);
  constexpr mode_t kExpectedMode = 0644;
  OSTLER_TRY(files::write_file_atomically(golden.expected(), found, kExpectedMode));
  console::print_plain("accepted " + golden.name());
  return true;
}

/// How many cases failed.
Result<std::size_t> test_all(const TestOptions& options) {
  OSTLER_TRY(const auto bundle, options.place.open());
  OSTLER_TRY(auto cases, cases_in(options.cases));
  OSTLER_TRY(keep_named(cases, options.names));
  std::size_t failed = 0;
  for (const PluginCase& golden : cases) {
    OSTLER_TRY(const bool is_as_expected, test_case(bundle, golden, options));
    failed += is_as_expected ? 0 : 1;
  }
  console::print_plain(std::to_string(cases.size() - failed) + " of " +
                       std::to_string(cases.size()) + (options.accepts ? " accepted" : " passed"));
  return failed;
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
  app.footer(kTestExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  ignore_closed_pipes();
  const auto failed = test_all(options);
  if (!failed) return fail(failed.error());
  return failed.value() == 0 ? kExitOk : kExitFailed;
}

}  // namespace ostler::cli
