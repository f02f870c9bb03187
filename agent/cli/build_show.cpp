// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/clock.hpp"
#include "cli/build_commands.hpp"
#include "cli/build_finder.hpp"
#include "cli/failure_report.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "cli/repository_address.hpp"
#include "cli/wait_report.hpp"
#include "console/build_page.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kShowExamples =
    "Examples:\n"
    "  ostler build show                 the newest build of this branch\n"
    "  ostler build show app/42\n"
    "  ostler build show '#42' --json | jq -r .state\n"
    "  ostler build show --json | jq '.jobs[] | select(.retried | not)'   last attempts alone\n"
    "Below a job that was retried stand its earlier attempts, by the ids that \"ostler job log\" "
    "takes.\n"
    "Exit status: 0 whatever became of the build, 2 when there is no such build\n";

/// With every attempt at its jobs, which hubs leave out of a build unless they are asked.
Result<FoundBuild> find_whole(HubClient& hub, const std::string& reference) {
  OSTLER_TRY(auto found, BuildFinder(hub, ".").find(reference));
  const auto is_retry = [](const wire::RestJobAnswer& job) { return job.retries_count > 0; };
  if (std::ranges::none_of(found.build.jobs, is_retry)) return found;
  OSTLER_TRY(found.text, hub.build_text_with_attempts(found.build.pipeline, found.build.number));
  OSTLER_TRY(found.build, wire::decode_rest_build(found.text));
  return found;
}

Result<int> show_build(HubClient& hub, const BuildCommandOptions& options) {
  OSTLER_TRY(const auto found, find_whole(hub, options.reference));
  auto terminal = console::Terminal::of_standard_output();
  if (options.as_json) {
    OSTLER_TRY(const auto shown, without_credentials(found.text));
    terminal.print_line(shown);
    return kExitOk;
  }
  const ToldFailures told = told_failures(hub, found.build);
  console::print_build(found.build, SystemClock().now(), terminal, words_of(told));
  report_failure(hub, found.build, told, terminal);
  report_waits(hub, found.build, terminal);
  report_gates(found.build, terminal);
  return kExitOk;
}

}  // namespace

int run_build_show(const Arguments& arguments) {
  BuildCommandOptions options;
  CLI::App app("Shows a build and its jobs, why it failed, and what they wait for", "build show");
  options.add_to(app);
  options.add_json_to(app, kPipelineJsonHelp);
  app.footer(kShowExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client, [&](HubClient& hub) { return show_build(hub, options); });
}

}  // namespace ostler::cli
