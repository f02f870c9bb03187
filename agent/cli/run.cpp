// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "cli/build_follower.hpp"
#include "cli/exit.hpp"
#include "cli/hub_client.hpp"
#include "cli/options.hpp"
#include "cli/run_artifacts.hpp"
#include "cli/run_directory.hpp"
#include "cli/run_functions.hpp"
#include "cli/run_pipeline.hpp"
#include "cli/run_services.hpp"
#include "cli/stop_signals.hpp"
#include "console/duration_text.hpp"
#include "console/plain_text.hpp"
#include "git/library.hpp"
#include "git/snapshot.hpp"

namespace ostler::cli {
namespace {

namespace fs = std::filesystem;
using console::Style;

struct RunOptions {
  fs::path pipeline;
  fs::path repository = ".";
  fs::path artifacts;  ///< empty: they are not saved
};

std::optional<int> read_run_options(const Arguments& arguments, RunOptions& options) {
  CLI::App app("Runs a pipeline on this machine, on a hub and an agent of its own", "run");
  app.add_option("PIPELINE", options.pipeline, "The pipeline's YAML file")->required();
  app.add_option("--repo", options.repository,
                 "The git repository to run it on; changes that are not committed are included");
  app.add_option("--artifacts", options.artifacts, "Directory to save artifacts in");
  return read_options(app, arguments);
}

/// One local run from its files to its exit status.
class LocalRun {
 public:
  LocalRun(RunOptions options, StopSignals signals, RunDirectory directory)
      : options_(std::move(options)),
        signals_(std::move(signals)),
        directory_(std::move(directory)) {}

  int run() {
    if (const auto prepared = prepare(); !prepared) return refuse(prepared.error().message());
    announce();
    auto finished = build();
    if (!finished) return fail(finished.error());
    return finished.value();
  }

 private:
  Result<void> prepare() {
    const git::Library library;
    OSTLER_TRY(snapshot_, git::take_snapshot(options_.repository, directory_.repository()));
    OSTLER_TRY(pipeline_,
               load_run_pipeline(options_.pipeline, snapshot_, directory_.repository().string()));
    return success();
  }

  void announce() {
    constexpr std::size_t kShortId = 10;
    std::string line = "Running " + options_.pipeline.string() + " on " + snapshot_.branch +
                       " at " + snapshot_.commit.substr(0, kShortId);
    if (snapshot_.changed_files > 0) {
      line += ", with " + std::to_string(snapshot_.changed_files) +
              (snapshot_.changed_files == 1 ? " file" : " files") + " not committed";
    }
    terminal_.print_line(line);
    if (pipeline_.ignored_agents) {
      view_.note("\"agents\" is ignored: every step runs on this machine");
    }
  }

  Result<int> build() {
    OSTLER_TRY(const auto services, RunServices::start(directory_));
    HubClient hub(services->url(), "ostler", services->api_token());
    OSTLER_TRY(const std::string pipeline,
               hub.create_pipeline(
                   {pipeline_.name, directory_.repository().string(), pipeline_.configuration}));
    OSTLER_TRY(const auto created,
               hub.create_build(pipeline, {snapshot_.commit, snapshot_.branch, snapshot_.subject}));
    OSTLER_TRY(const Followed followed,
               follow_build({hub, *services, signals_, view_}, created, terminal_.has_colours()));
    view_.summarise(followed.build);
    const bool saved = !followed.build.finished_at || save(hub, pipeline, created.number);
    conclude(followed.build);
    constexpr int kSignalled = 128;
    if (followed.stop_signal) return kSignalled + *followed.stop_signal;
    return followed.build.state == "passed" && saved ? kExitOk : kExitFailed;
  }

  bool save(HubClient& hub, const std::string& pipeline, std::int64_t number) {
    if (options_.artifacts.empty()) return true;
    const auto artifacts = hub.artifacts(pipeline, number);
    if (!artifacts) {
      fail(artifacts.error());
      return false;
    }
    const SavedArtifacts saved = save_artifacts(hub, artifacts.value(), options_.artifacts);
    for (const Error& fault : saved.faults) fail(fault);
    terminal_.print_line("");
    for (const fs::path& path : saved.paths) {
      terminal_.print_line("saved " + console::plain_line((options_.artifacts / path).string()));
    }
    if (artifacts.value().empty()) terminal_.print_line("there are no artifacts to save");
    return saved.faults.empty();
  }

  void conclude(const wire::RestBuildAnswer& build) {
    std::string line = "Build " + build.state;
    if (build.created_at && build.finished_at) {
      line += " in " + console::duration_text(*build.finished_at - *build.created_at);
    }
    terminal_.print_line("");
    terminal_.print_line(
        terminal_.styled(line, build.state == "passed" ? Style::Good : Style::Bad));
  }

  RunOptions options_;
  StopSignals signals_;
  RunDirectory directory_;
  console::Terminal terminal_ = console::Terminal::of_standard_output();
  console::BuildView view_{terminal_};
  git::Snapshot snapshot_;
  RunPipeline pipeline_;
};

}  // namespace

int run_run(const Arguments& arguments) {
  RunOptions options;
  if (const auto status = read_run_options(arguments, options)) return *status;
  auto signals = StopSignals::block();
  if (!signals) return fail(signals.error());
  auto directory = RunDirectory::make();
  if (!directory) return fail(directory.error());
  return LocalRun(std::move(options), std::move(signals).value(), std::move(directory).value())
      .run();
}

}  // namespace ostler::cli
