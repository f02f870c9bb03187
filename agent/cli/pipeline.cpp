// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/client_access.hpp"
#include "cli/exit.hpp"
#include "cli/hub_client.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"
#include "console/terminal.hpp"
#include "files/file.hpp"

namespace ostler::cli {
namespace {

constexpr std::string_view kUsualSteps = "steps:\n  - command: ostler pipeline upload\n";
constexpr const char* kPollHelp =
    "Look for new commits every so many seconds (10 to 604800), and build each; 0: never";

struct PipelineOptions {
  ClientFlags client;
  std::string name;
  std::string repository;
  std::string file;
  int poll_seconds = 0;
};

void print_line(const std::string& line) {
  console::Terminal::of_standard_output().print_line(line);
}

std::string said(int seconds) {
  return seconds == 0 ? "is not looked at for new commits"
                      : "is looked at every " + std::to_string(seconds) + " seconds";
}

Result<void> create(const PipelineOptions& options) {
  OSTLER_TRY(const auto access, find_client_access(options.client));
  std::string steps(kUsualSteps);
  if (!options.file.empty()) {
    OSTLER_TRY(steps, files::read_file(options.file));
  }
  HubClient hub(access.url, access.organization, access.token);
  OSTLER_TRY(const auto slug,
             hub.create_pipeline({options.name, options.repository, steps, options.poll_seconds}));
  print_line("made pipeline " + slug + "; its repository " + said(options.poll_seconds));
  return success();
}

Result<void> update(const PipelineOptions& options) {
  OSTLER_TRY(const auto access, find_client_access(options.client));
  HubClient hub(access.url, access.organization, access.token);
  OSTLER_TRY(hub.change_poll(options.name, options.poll_seconds));
  print_line("the repository of pipeline " + options.name + " " + said(options.poll_seconds));
  return success();
}

}  // namespace

int run_pipeline_create(const Arguments& arguments) {
  PipelineOptions options;
  CLI::App app("Makes a pipeline on a hub", "pipeline create");
  app.add_option("NAME", options.name, "Name")->required();
  app.add_option("--repository", options.repository, "Address of its git repository")->required();
  app.add_option("--file", options.file,
                 "YAML of its first steps; without it they are those that the repository holds "
                 "(ostler pipeline upload)");
  app.add_option("--poll", options.poll_seconds, kPollHelp);
  take_client_flags(app, options.client);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto done = create(options);
  return done ? kExitOk : fail(done.error());
}

int run_pipeline_update(const Arguments& arguments) {
  PipelineOptions options;
  CLI::App app("Changes a pipeline on a hub", "pipeline update");
  app.add_option("SLUG", options.name, "Which one")->required();
  app.add_option("--poll", options.poll_seconds, kPollHelp)->required();
  take_client_flags(app, options.client);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto done = update(options);
  return done ? kExitOk : fail(done.error());
}

}  // namespace ostler::cli
