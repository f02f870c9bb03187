// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/build_follower.hpp"
#include "cli/exit.hpp"
#include "cli/fleet_client.hpp"
#include "cli/gate_form.hpp"
#include "cli/hidden_input.hpp"
#include "cli/hub_client.hpp"
#include "cli/options.hpp"
#include "cli/pipeline_input.hpp"
#include "cli/run_artifacts.hpp"
#include "cli/run_directory.hpp"
#include "cli/run_functions.hpp"
#include "cli/run_plan.hpp"
#include "cli/run_plugins.hpp"
#include "cli/run_services.hpp"
#include "cli/stop_signals.hpp"
#include "console/build_page.hpp"
#include "console/duration_text.hpp"
#include "console/job_words.hpp"
#include "console/plain_text.hpp"
#include "git/library.hpp"
#include "git/snapshot.hpp"
#include "wire/rest_secret_answers.hpp"

namespace ostler::cli {
namespace {

namespace fs = std::filesystem;
using console::Style;

constexpr const char* kRunExamples =
    "Examples:\n"
    "  ostler run pipeline.yml --artifacts out\n"
    "  ostler run pipeline.yml --unblock --field release=1.2\n"
    "  ostler run --from-build                     what failed in the newest build of this branch\n"
    "  ostler run --from-build=app/42 --step test --work-tree --secret NPM_TOKEN\n"
    "A job of a build runs alone, with the environment, meta-data and commit that it had; ids, "
    "the\n"
    "build's number and the agent's names are those of the run. It asks for the secrets that the\n"
    "step names. Exit status: 0 the build passed, 1 it did not, 2 there is nothing to run, 3 it\n"
    "passed until a block or an input, 130 stopped by Ctrl-C\n";
constexpr int kExitAtGate = 3;

struct RunOptions {
  fs::path pipeline;
  bool is_of_job = false;
  JobToRepeat job;
  fs::path repository = ".";
  fs::path artifacts;                ///< empty: they are not saved
  std::vector<std::string> secrets;  ///< keys
  bool opens_gates = false;
  std::vector<std::string> fields;
  GateAnswers answers;  ///< what they say
};

std::optional<int> read_run_options(const Arguments& arguments, RunOptions& options) {
  CLI::App app(
      "Runs a pipeline, or one job of a build, on this machine, on a hub and an agent of "
      "its own",
      "run");
  auto* const pipeline =
      app.add_option("PIPELINE", options.pipeline,
                     "The pipeline's YAML file; without it .buildkite/pipeline.yml, or "
                     "what else `pipeline upload` finds");
  auto* const from =
      app.add_option("--from-build", options.job.build,
                     "Run one job of this build instead: 42, app/42, an id or a URL; "
                     "without a value that of the newest build of this branch")
          ->expected(0, 1);
  pipeline->excludes(from);
  app.add_option("--step", options.job.step, "Key or label of the job; default: what failed first")
      ->needs(from);
  app.add_flag("--work-tree", options.job.uses_work_tree,
               "Run the job on the files as they are here, not on the build's commit")
      ->needs(from);
  app.add_option("--repo", options.repository,
                 "The git repository to run it on; changes that are not committed are included");
  app.add_option("--artifacts", options.artifacts, "Directory to save artifacts in");
  app.add_option("--secret", options.secrets,
                 "Ask for this secret, which jobs get with \"ostler secret get\"; repeatable")
      ->allow_extra_args(false);
  auto* const unblock = app.add_flag(
      "--unblock", options.opens_gates,
      "Open blocks and inputs, with the defaults of their fields, instead of ending there");
  app.add_option("--field", options.fields,
                 "KEY=VALUE: what to say to a field that has this key; again with the same key to "
                 "choose several")
      ->allow_extra_args(false)
      ->needs(unblock);
  take_client_flags(app, options.job.client);
  app.footer(kRunExamples);
  app.callback([&] { options.is_of_job = from->count() > 0; });
  return read_options(app, arguments);
}

Result<void> find_pipeline(RunOptions& options) {
  if (options.is_of_job || !options.pipeline.empty()) return success();
  OSTLER_TRY(options.pipeline, customary_pipeline_file());
  return success();
}

using Secrets = std::vector<std::pair<std::string, Secret>>;

Result<Secrets> ask_for(const std::vector<std::string>& keys) {
  Secrets secrets;
  for (const std::string& key : keys) {
    OSTLER_TRY(auto value, read_hidden_line("run", key));
    secrets.emplace_back(key, std::move(value));
  }
  return secrets;
}

/// What a person and another hub give a run.
struct Given {
  Secrets secrets;
  RunPlan plan;  ///< of a job; of a file it is made later
};

Result<Given> ask(const RunOptions& options) {
  Given given;
  std::vector<std::string> keys = options.secrets;
  if (options.is_of_job) {
    OSTLER_TRY(given.plan, plan_run_of_job(options.job, options.repository));
    for (std::string& key : given.plan.secret_keys) {
      if (std::ranges::find(keys, key) == keys.end()) keys.push_back(std::move(key));
    }
  }
  OSTLER_TRY(given.secrets, ask_for(keys));
  if (!options.is_of_job) {
    fetch_pinned_plugins(options.pipeline, options.repository, options.job.client);
  }
  return given;
}

/// One local run from its files to its exit status.
class PipelineRun {
 public:
  PipelineRun(RunOptions options, Given given, StopSignals signals, RunDirectory directory)
      : options_(std::move(options)),
        secrets_(std::move(given.secrets)),
        plan_(std::move(given.plan)),
        signals_(std::move(signals)),
        directory_(std::move(directory)) {}

  int run() {
    if (const auto prepared = prepare(); !prepared) return refuse(prepared.error().message());
    if (const auto signal = signals_.take()) return kSignalled + *signal;
    announce();
    auto finished = build();
    if (!finished) return fail(finished.error());
    return finished.value();
  }

 private:
  static constexpr int kSignalled = 128;

  Result<void> prepare() {
    const git::Library library;
    const fs::path store = directory_.repository();
    if (options_.is_of_job) return take_files(options_.job, options_.repository, store, plan_);
    OSTLER_TRY(const auto snapshot, git::take_snapshot(options_.repository, store));
    OSTLER_TRY(plan_, plan_run_of_file(options_.pipeline, snapshot, store.string()));
    return success();
  }

  void announce() {
    constexpr std::size_t kShortId = 10;
    std::string line = "Running " + plan_.title + " on " + console::plain_line(plan_.build.branch) +
                       " at " + console::plain_line(plan_.build.commit.substr(0, kShortId));
    if (plan_.changed_files > 0) {
      line += ", with " + std::to_string(plan_.changed_files) +
              (plan_.changed_files == 1 ? " file" : " files") + " not committed";
    }
    terminal_.print_line(line);
    for (const std::string& note : plan_.notes) view_.note(note);
  }

  Result<void> put_secrets(HubClient& hub) {
    if (secrets_.empty()) return success();
    OSTLER_TRY(auto fleet, FleetClient::open(hub, ""));
    for (const auto& [key, value] : secrets_) {
      OSTLER_TRY(
          fleet.ask("POST", "/secrets", wire::encode_rest_new_secret(key, value, "", false)));
    }
    return success();
  }

  Result<int> build() {
    OSTLER_TRY(const auto services, RunServices::start(directory_, options_.repository));
    HubClient hub(services->url(), "ostler", services->api_token());
    OSTLER_TRY(put_secrets(hub));
    OSTLER_TRY(const std::string pipeline,
               hub.create_pipeline({"run", plan_.repository, plan_.configuration}));
    OSTLER_TRY(const auto created, hub.create_build(pipeline, plan_.build));
    OSTLER_TRY(const Followed followed,
               follow_build({hub, *services, signals_, view_, gate_answers()}, created,
                            terminal_.has_colours()));
    view_.summarise(followed.build);
    const bool is_blocked = followed.build.state == "blocked";
    const bool is_at_rest = followed.build.finished_at || is_blocked;
    const bool saved = !is_at_rest || save(hub, pipeline, created.number);
    conclude(followed.build);
    if (followed.stop_signal) return kSignalled + *followed.stop_signal;
    const bool has_passed = followed.build.state == "passed";
    const bool is_at_gate = is_blocked && !console::first_failure(followed.build);
    if (has_passed || is_at_gate) {  // else a step that failed may have had the gate to upload
      OSTLER_TRY(require_asked(followed.build, options_.answers));
    }
    if (is_at_gate && saved) return kExitAtGate;
    return has_passed && saved ? kExitOk : kExitFailed;
  }

  std::optional<GateAnswers> gate_answers() const {
    return options_.opens_gates ? std::optional(options_.answers) : std::nullopt;
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
    for (const wire::RestJobAnswer& job : build.jobs) {
      if (job.progress != wire::RestJobProgress::Blocked) continue;
      view_.note(console::job_title(job) + " waits for a person; --unblock opens it" +
                 (job.gate && !job.gate->fields.empty() ? ", --field KEY=VALUE answers it" : ""));
    }
    terminal_.print_line(
        terminal_.styled(line, build.state == "passed" ? Style::Good : Style::Bad));
  }

  RunOptions options_;
  Secrets secrets_;
  RunPlan plan_;
  StopSignals signals_;
  RunDirectory directory_;
  console::Terminal terminal_ = console::Terminal::of_standard_output();
  console::BuildView view_{terminal_};
};

}  // namespace

int run_run(const Arguments& arguments) {
  RunOptions options;
  if (const auto status = read_run_options(arguments, options)) return *status;
  auto answers = read_gate_answers(options.fields);
  if (!answers) return fail(answers.error());
  options.answers = std::move(answers).value();
  if (const auto found = find_pipeline(options); !found) return fail(found.error());
  auto given = ask(options);  // Ctrl-C still ends the program
  if (!given) return fail(given.error());
  auto signals = StopSignals::block();
  if (!signals) return fail(signals.error());
  auto directory = RunDirectory::make();
  if (!directory) return fail(directory.error());
  return PipelineRun(std::move(options), std::move(given).value(), std::move(signals).value(),
                     std::move(directory).value())
      .run();
}

}  // namespace ostler::cli
