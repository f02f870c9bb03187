// SPDX-License-Identifier: Apache-2.0
// `ostler pipeline lint|convert-to-json`: pipeline files, without a hub.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/joined.hpp"
#include "cli/exit.hpp"
#include "cli/lint_fault.hpp"
#include "cli/options.hpp"
#include "cli/pipeline_input.hpp"
#include "cli/pipeline_variables.hpp"
#include "cli/plugin_lint.hpp"
#include "cli/plugin_place.hpp"
#include "cli/run_functions.hpp"
#include "console/pipeline_faults.hpp"
#include "console/plain_text.hpp"
#include "console/terminal.hpp"
#include "pipeline/notify_reader.hpp"
#include "pipeline/parse.hpp"
#include "pipeline/read_upload.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kFilesHelp =
    "Pipeline files; without any: standard input, else the file with a customary name, such as "
    ".buildkite/pipeline.yml";
constexpr const char* kLintExamples =
    "Examples:\n"
    "  ostler pipeline lint\n"
    "  ostler pipeline lint .buildkite/*.yml\n"
    "  ostler pipeline lint --plugin build/greet\n"
    "  ./generate-pipeline | ostler pipeline lint\n"
    "  ostler pipeline lint --json | jq -r '.[].reason'\n"
    "Exit status: 0 no faults, be there warnings or not, 2 some, with --json too\n";
constexpr const char* kConvertExamples =
    "Examples:\n"
    "  ostler pipeline convert-to-json .buildkite/pipeline.yml\n"
    "  ostler pipeline convert-to-json | jq '.steps[].command'\n";

/// The variables of this process, as `pipeline upload` would use them.
model::Variables lint_variables() {
  const auto table = pipeline_variables(environment::variables_of_process());
  return {table.begin(), table.end()};
}

/// Kinds of notifications that this hub does not send, each once: "slack, email".
std::string unsent_kinds(const model::PipelineDefinition& definition) {
  std::vector<std::string> kinds;
  for (const model::Notification& one : definition.notifications) {
    if (!one.webhook.empty()) continue;
    std::string kind = pipeline::notification_kind(one);
    if (std::ranges::find(kinds, kind) == kinds.end()) kinds.push_back(std::move(kind));
  }
  return joined(kinds, ", ");
}

/// What was found in one file.
struct Linted {
  std::string praise{};             ///< of one without faults
  std::string shown{};              ///< its faults for people
  std::string warned{};             ///< its warnings for people
  std::vector<LintFault> faults{};  ///< both for programs
};

std::string praise_of(const PipelineInput& input, const model::PipelineDefinition& definition) {
  const std::size_t steps = definition.steps.size();
  const std::string unsent = unsent_kinds(definition);
  return input.name + ": " + std::to_string(steps) + (steps == 1 ? " step" : " steps") +
         ", no faults" +
         (unsent.empty() ? "" : "; a hub of Ostler sends to webhooks only, not by " + unsent);
}

Linted lint_one(const PipelineInput& input, const model::Variables& variables,
                const KnownPlugins& plugins) {
  pipeline::FaultList faults(input.name);
  auto definition = pipeline::parse(input.text, variables, faults);
  pipeline::FaultList doubts(input.name);
  lint_plugins(input, plugins, faults, doubts);
  Linted linted{.shown = console::shown_faults(faults, input.text).message(),
                .warned = console::shown_faults(doubts, input.text).message(),
                .faults = lint_faults(faults, input)};
  const auto warnings = lint_faults(doubts, input, LintSeverity::Warning);
  linted.faults.insert(linted.faults.end(), warnings.begin(), warnings.end());
  if (faults.empty()) linted.praise = praise_of(input, *definition);
  return linted;
}

struct LintOptions {
  std::vector<std::string> files;
  std::vector<std::string> plugins;
  std::string store;
  bool as_json = false;
};

Result<std::vector<Linted>> lint_all(const LintOptions& options) {
  OSTLER_TRY(const auto inputs, pipeline_inputs("pipeline lint", options.files));
  OSTLER_TRY(const auto plugins, KnownPlugins::find(options.store, options.plugins));
  const model::Variables variables = lint_variables();
  std::vector<Linted> all;
  for (const PipelineInput& input : inputs) all.push_back(lint_one(input, variables, plugins));
  return all;
}

/// All that one file or another has of these.
std::string collected(const std::vector<Linted>& all, std::string Linted::* part) {
  std::vector<std::string> texts;
  for (const Linted& one : all) {
    if (!(one.*part).empty()) texts.push_back(one.*part);
  }
  return joined(texts, "\n");
}

/// Those without faults before those that have some.
Result<int> show_all(const std::vector<Linted>& all) {
  for (const Linted& one : all) {
    if (!one.praise.empty()) console::print_plain(one.praise);
  }
  const std::string warnings = collected(all, &Linted::warned);
  if (!warnings.empty())
    remark("ostler: pipeline lint: " + std::string(kPluginWarnings) + "\n" + warnings);
  const std::string faults = collected(all, &Linted::shown);
  if (faults.empty()) return kExitOk;
  return Error(Errc::UserFault, "pipeline lint: found faults\n" + faults);
}

int print_all(const std::vector<Linted>& all) {
  std::vector<LintFault> faults;
  for (const Linted& one : all) faults.insert(faults.end(), one.faults.begin(), one.faults.end());
  console::Terminal::of_standard_output().print_line(encode(faults));
  const auto count = std::ranges::count(faults, LintSeverity::Fault, &LintFault::severity);
  return count == 0 ? kExitOk : kExitRefused;
}

Result<int> lint(const LintOptions& options) {
  OSTLER_TRY(const auto all, lint_all(options));
  return options.as_json ? Result<int>(print_all(all)) : show_all(all);
}

Result<void> convert(const std::vector<std::string>& files) {
  OSTLER_TRY(const auto inputs, pipeline_inputs("pipeline convert-to-json", files));
  for (const PipelineInput& input : inputs) {
    pipeline::FaultList faults(input.name);
    const auto documents = pipeline::read_upload(input.text, {}, faults);
    if (!faults.empty()) return console::shown_faults(faults, input.text);
    for (const auto& document : documents) {
      std::string text = pipeline::indented_json(document);
      text.pop_back();
      console::Terminal::of_standard_output().print_line(text);
    }
  }
  return success();
}

}  // namespace

int run_pipeline_lint(const Arguments& arguments) {
  LintOptions options;
  CLI::App app("Says what is wrong with pipeline files, all of it at once; asks no hub",
               "pipeline lint");
  app.add_option("FILES", options.files, kFilesHelp);
  app.add_option("--plugin", options.plugins,
                 "Directory of a step plugin that is not installed, to hold its configurations "
                 "against its schema; may be given several times")
      ->allow_extra_args(false);
  app.add_option("--store", options.store, kPluginStoreHelp);
  app.add_flag("--json", options.as_json,
               "Print the faults of all files as a JSON array: file, line, column, text, reason, "
               "severity (fault or warning)");
  app.footer(kLintExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto status = lint(options);
  return status ? status.value() : fail(status.error());
}

int run_pipeline_convert_to_json(const Arguments& arguments) {
  std::vector<std::string> files;
  CLI::App app(
      "Prints pipeline files as JSON, in the form in which they are uploaded; variables "
      "stay as they are",
      "pipeline convert-to-json");
  app.add_option("FILES", files, kFilesHelp);
  app.footer(kConvertExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto done = convert(files);
  return done ? kExitOk : fail(done.error());
}

}  // namespace ostler::cli
