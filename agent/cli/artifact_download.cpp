// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/build_commands.hpp"
#include "cli/build_finder.hpp"
#include "cli/exit.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "cli/run_artifacts.hpp"
#include "cli/run_functions.hpp"
#include "cli/run_with_server.hpp"
#include "cli/server_flags.hpp"
#include "console/build_page.hpp"
#include "console/plain_text.hpp"
#include "wire/json_reader.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kDownloadExamples =
    "Examples:\n"
    "  ostler artifact download 'dist/*' out --build app/42\n"
    "  ostler artifact download '**/*' .    all of the newest build of this branch\n"
    "Exit status: 0 all is saved, 1 nothing matches or something could not be saved\n"
    "In a job (where BUILDKITE_AGENT_ACCESS_TOKEN is set) it reads the artifacts of the job's\n"
    "build: --build is an id, from BUILDKITE_BUILD_ID, and --step and --include-retried-jobs\n"
    "choose among them. The directory must exist then.\n";

struct FetchOptions {
  ClientFlags client;
  std::string glob;
  std::string directory;
  std::string reference;
  bool as_json = false;
};

/// Where each was saved; its place beneath the directory is its path.
std::string saved_json(const SavedArtifacts& saved, const std::filesystem::path& directory) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& path : saved.paths) {
    list.push_back({{"path", path.string()}, {"saved_to", (directory / path).string()}});
  }
  return wire::to_text(list);
}

Result<int> fetch_artifacts(HubClient& hub, const FetchOptions& options) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.reference));
  const wire::RestBuildAnswer& build = found.build;
  OSTLER_TRY(const auto artifacts, hub.artifacts(build.pipeline, build.number, options.glob));
  if (artifacts.empty()) {
    const std::string name = console::build_name(build);
    return Error(Errc::NotFound, "no artifact of " + name + " matches \"" + options.glob +
                                     "\"; \"ostler artifact list " + name + "\" shows them");
  }
  const SavedArtifacts saved = save_artifacts(hub, artifacts, options.directory);
  auto terminal = console::Terminal::of_standard_output();
  if (options.as_json) {
    terminal.print_line(saved_json(saved, options.directory));
  } else {
    for (const auto& path : saved.paths) {
      terminal.print_line("saved " + console::plain_line((options.directory / path).string()));
    }
  }
  for (const Error& fault : saved.faults) fail(fault);
  return saved.faults.empty() ? kExitOk : kExitFailed;
}

}  // namespace

int run_artifact_download(const Arguments& arguments) {
  if (speaks_for_a_job(arguments)) return run_with_server(artifact_download, arguments);
  FetchOptions options;
  CLI::App app("Downloads artifacts of a build", "artifact download");
  app.add_option("GLOB", options.glob, "Which: a glob over their paths")->required();
  app.add_option("DIRECTORY", options.directory, "Where to, made when it is not there")->required();
  app.add_option("--build", options.reference, kBuildReferenceHelp);
  app.add_flag("--json", options.as_json, "As a JSON array of what was saved, and where to");
  take_client_flags(app, options.client);
  app.footer(kDownloadExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client, [&](HubClient& hub) { return fetch_artifacts(hub, options); });
}

}  // namespace ostler::cli
