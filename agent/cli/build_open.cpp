// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <cstdlib>

#include "cli/build_commands.hpp"
#include "cli/build_finder.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "console/terminal.hpp"
#include "process/spawn.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kOpenExamples =
    "Examples:\n"
    "  ostler build open                 the newest build of this branch\n"
    "  ostler build open app/42\n"
    "The address is printed too: it is all that happens where there is no screen.\n";

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

/// The program that shows pages; empty where there is no screen or no such program.
std::string browser() {
  if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY")) return "";
  const auto found =
      process::find_executable("xdg-open", is_set("PATH") ? std::getenv("PATH") : "");
  return found ? found.value() : "";
}

Result<int> open_build(HubClient& hub, const std::string& reference) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(reference));
  const std::string url = found.build.web_url + (found.job.empty() ? "" : "#" + found.job);
  console::Terminal::of_standard_output().print_line(url);
  const std::string program = browser();
  if (program.empty()) return kExitOk;
  OSTLER_TRY(auto child, process::spawn({.executable = program, .arguments = {program, url}}));
  child.release();
  return kExitOk;
}

}  // namespace

int run_build_open(const Arguments& arguments) {
  BuildCommandOptions options;
  CLI::App app("Opens the page of a build in a browser", "build open");
  options.add_to(app);
  app.footer(kOpenExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client,
                    [&](HubClient& hub) { return open_build(hub, options.reference); });
}

}  // namespace ostler::cli
