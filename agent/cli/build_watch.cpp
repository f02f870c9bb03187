// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/build_commands.hpp"
#include "cli/build_events.hpp"
#include "cli/build_finder.hpp"
#include "cli/build_watcher.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kWatchExamples =
    "Examples:\n"
    "  ostler build watch                the newest build of this branch\n"
    "  ostler build watch app/42 && ./release\n"
    "  ostler build watch app/42 --until-blocked\n"
    "  ostler build watch app/42 --json | jq -r 'select(.job) | .job.name + \" \" + .job.state'\n"
    "On a terminal the arrow keys choose the job whose log is shown, g opens and closes the\n"
    "groups that have passed, and q leaves; in a pipe there is a line for each change. A build\n"
    "that waits for a person is waited for, too, unless --until-blocked is given.\n"
    "Exit status: 0 the build passed, 1 it did not, 2 there is none,\n"
    "3 it is blocked (with --until-blocked), 130 left before its end by q or Ctrl-C, which do not\n"
    "end the build\n";

}  // namespace

int run_build_watch(const Arguments& arguments) {
  BuildCommandOptions options;
  CLI::App app("Shows a build, its jobs and a log until it is over", "build watch");
  bool until_blocked = false;
  options.add_to(app);
  app.add_flag("--json", options.as_json,
               "Print the build's events, a line of JSON for each, from the first to the last");
  app.add_flag("--until-blocked", until_blocked,
               "End also when the build waits for nothing but a person");
  app.footer(kWatchExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client, [&](HubClient& hub) -> Result<int> {
    OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.reference));
    const auto until = until_blocked ? WatchUntil::Blocked : WatchUntil::Finished;
    if (options.as_json) return print_build_events(hub, found.build, until);
    auto terminal = console::Terminal::of_standard_output();
    return watch_build(hub, found.build, terminal, until);
  });
}

}  // namespace ostler::cli
