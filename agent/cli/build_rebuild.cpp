// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "base/uuid.hpp"
#include "cli/build_commands.hpp"
#include "cli/build_to_change.hpp"
#include "cli/build_watcher.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "cli/repository_address.hpp"
#include "console/build_page.hpp"
#include "console/plain_text.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kRebuildExamples =
    "Examples:\n"
    "  ostler build rebuild              the newest build of this branch\n"
    "  ostler build rebuild app/42\n"
    "  ostler build rebuild '#42' --watch\n"
    "Exit status: 0 the build is made, with --watch 0 when it passed, else 1;\n"
    "2 there is no such build, or its pipeline allows no rebuilds\n";

struct RebuildOptions : BuildCommandOptions {
  bool watch = false;
};

Result<int> rebuild(HubClient& hub, const RebuildOptions& options) {
  OSTLER_TRY(const auto found, find_build_to_change(hub, options.reference, "build rebuild"));
  OSTLER_TRY(const auto text,
             hub.rebuild_text(found.build.pipeline, found.build.number, Uuid::make().str()));
  auto terminal = console::Terminal::of_standard_output();
  if (options.as_json) {
    OSTLER_TRY(const auto shown, without_credentials(text));
    terminal.print_line(shown);
    return kExitOk;
  }
  OSTLER_TRY(const auto build, wire::decode_rest_build(text));
  terminal.print_line("made " + console::build_name(build) + ", which is " +
                      console::build_name(found.build) +
                      " again: " + console::plain_line(build.web_url));
  return options.watch ? watch_build(hub, build, terminal) : kExitOk;
}

}  // namespace

int run_build_rebuild(const Arguments& arguments) {
  RebuildOptions options;
  CLI::App app("Makes a new build of the same commit, branch, message and env", "build rebuild");
  options.add_to(app);
  auto* const as_json = app.add_flag("--json", options.as_json, "Print the build as JSON");
  app.add_flag("--watch", options.watch, "Tell what changes until the build is over")
      ->excludes(as_json);
  app.footer(kRebuildExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client, [&](HubClient& hub) { return rebuild(hub, options); });
}

}  // namespace ostler::cli
