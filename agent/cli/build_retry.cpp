// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/build_commands.hpp"
#include "cli/build_to_change.hpp"
#include "cli/build_watcher.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "console/build_page.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kBuildRetryExamples =
    "Examples:\n"
    "  ostler build retry                the newest build of this branch\n"
    "  ostler build retry app/42\n"
    "  ostler build retry '#42' --watch\n"
    "  ostler build retry app/42 --state failed --state timed_out\n"
    "  ostler build retry app/42 --json | jq .retried_jobs_count\n"
    "Exit status: 0 jobs run again, with --watch 0 when the build then passed, else 1;\n"
    "2 there is no such build, or no job of it failed\n";

struct BuildRetryOptions : BuildCommandOptions {
  std::vector<std::string> states;
  bool watch = false;
};

Result<int> retry_build(HubClient& hub, const BuildRetryOptions& options) {
  OSTLER_TRY(const auto found, find_build_to_change(hub, options.reference, "build retry"));
  const wire::RestBuildAnswer& build = found.build;
  const std::string name = console::build_name(build);
  const auto text = hub.retry_failed_jobs_text(build.pipeline, build.number, options.states);
  if (!text) return with_next_step(text.error(), how_to_rebuild(build));
  OSTLER_TRY(const auto count, wire::decode_rest_retried_count(text.value()));
  if (count == 0) {
    return Error(Errc::UserFault, name + " is " + build.state +
                                      ": it has no job to retry; \"ostler build show " + name +
                                      "\" shows its jobs, " + how_to_rebuild(build));
  }
  auto terminal = console::Terminal::of_standard_output();
  if (options.as_json) {
    terminal.print_line(text.value());
    return kExitOk;
  }
  terminal.print_line("retrying " + std::to_string(count) +
                      (count == 1 ? " job of " : " jobs of ") + name);
  return options.watch ? watch_build(hub, build, terminal) : kExitOk;
}

}  // namespace

int run_build_retry(const Arguments& arguments) {
  BuildRetryOptions options;
  CLI::App app("Runs the jobs of a build that failed once more, and what waited for them",
               "build retry");
  options.add_to(app);
  options.add_json_to(app);
  app.add_option("--state", options.states,
                 "Only jobs that ended so: canceled, expired, failed, soft_failed, timed_out; may "
                 "be given several times")
      ->allow_extra_args(false);
  app.add_flag("--watch", options.watch, "Tell what changes until the build is over")
      ->excludes(app.get_option("--json"));
  app.footer(kBuildRetryExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client, [&](HubClient& hub) { return retry_build(hub, options); });
}

}  // namespace ostler::cli
