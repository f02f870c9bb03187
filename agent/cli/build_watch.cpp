// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/build_commands.hpp"
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
    "Exit status: 0 the build passed, 1 it did not, 2 there is none. Ctrl-C ends the watching, "
    "not\n"
    "the build\n";

}  // namespace

int run_build_watch(const Arguments& arguments) {
  BuildCommandOptions options;
  CLI::App app("Prints a line for each change of a build until it is over", "build watch");
  options.add_to(app);
  app.footer(kWatchExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client, [&](HubClient& hub) -> Result<int> {
    OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.reference));
    auto terminal = console::Terminal::of_standard_output();
    return watch_build(hub, found.build, terminal);
  });
}

}  // namespace ostler::cli
