// SPDX-License-Identifier: Apache-2.0
#include "worker/plugin_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <string>

#include "base/joined.hpp"
#include "log/lines.hpp"
#include "plugin_host/box_run.hpp"
#include "plugin_host/host_directory.hpp"
#include "plugin_host/scratch_directory.hpp"
#include "worker/host_directory.hpp"
#include "worker/job_services.hpp"
#include "worker/plugin_outputs.hpp"
#include "worker/redacted_json.hpp"
#include "worker/run_files.hpp"
#include "worker/step_events.hpp"
#include "worker/step_output.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using environment::value_of;
using plugin_host::BoxRun;
using plugin_host::BoxSpec;
using plugin_host::BoxVerdict;
using plugin_host::PlannedStep;
using plugin_host::ScratchDirectory;
using plugin_host::WorkspaceAccess;

namespace {

/// Facts about the job and the variables in which they stand.
constexpr std::pair<const char*, const char*> kStepFacts[] = {
    {"job_id", "BUILDKITE_JOB_ID"},
    {"build_id", "BUILDKITE_BUILD_ID"},
    {"build_number", "BUILDKITE_BUILD_NUMBER"},
    {"organization", "BUILDKITE_ORGANIZATION_SLUG"},
    {"pipeline", "BUILDKITE_PIPELINE_SLUG"},
    {"step_key", "BUILDKITE_STEP_KEY"},
    {"step_label", "BUILDKITE_LABEL"},
    {"branch", "BUILDKITE_BRANCH"},
    {"commit", "BUILDKITE_COMMIT"},
    {"agent_name", "BUILDKITE_AGENT_NAME"},
    {"parallel_job", "BUILDKITE_PARALLEL_JOB"},
    {"parallel_job_count", "BUILDKITE_PARALLEL_JOB_COUNT"}};

/// The box of a step feels the end of the job.
class ForegroundBox final : public Cancellation::Foreground {
 public:
  ForegroundBox(Cancellation& cancellation, BoxRun& run)
      : Foreground(cancellation), cancellation_(cancellation), run_(run) {}
  void cancel(const Cancellation& cancellation) override {
    run_.cancel(*cancellation.reason(), cancellation.grace());
  }
  /// Without a cancel before it the keeper is gone.
  void kill() override {
    run_.cancel(cancellation_.reason().value_or(supervise::CancelReason::LeaseLost),
                std::chrono::nanoseconds(0));
  }

 private:
  const Cancellation& cancellation_;
  BoxRun& run_;
};

std::string host_name() {
  std::string name(256, '\0');
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.c_str()) : "";
}

std::int32_t attempt_of(const JobContext& job) {
  const std::string& retries = value_of(job.document.env, "BUILDKITE_RETRY_COUNT");
  std::int32_t count = 0;
  std::from_chars(retries.data(), retries.data() + retries.size(), count);
  return std::max(count, 0) + 1;
}

using Facts = std::vector<std::pair<std::string, std::string>>;

/// As they are before any plugin runs: what one sets is no fact for the next. (The commit is the
/// one that the checkout has found.)
Facts step_facts(const JobContext& job) {
  Facts facts;
  for (const auto& [fact, variable] : kStepFacts) {
    facts.emplace_back(fact, value_of(job.env, variable));
  }
  facts.emplace_back("host_name", host_name());
  return facts;
}

Result<BoxSpec> box_spec(const JobContext& job, const PlannedStep& step, const Facts& facts,
                         const ScratchDirectory& scratch) {
  BoxSpec spec;
  spec.program = std::filesystem::path(job.host_program).parent_path() / "ostler-box";
  spec.is_program = step.is_program;
  spec.interpreter = step.interpreter;
  spec.id = step.id;
  spec.version = step.version;
  spec.network = step.network;
  if (step.commands != plugin_host::CommandProfile::None) {
    spec.commands = {.directory = job.directory,
                     .stop_signal = job.cancellation.signal(),
                     .profile = step.commands,
                     .scratch = scratch.path(),
                     .system_paths = step.system_paths,
                     .network = step.network};
  }
  spec.services = JobStepServices::ids_of(step);
  spec.attempt = attempt_of(job);
  spec.directory = scratch.path();
  spec.paths = {{scratch.path(), "write"}};
  spec.facts = facts;
  spec.facts.emplace_back("scratch", scratch.path());
  if (step.workspace == WorkspaceAccess::None) return spec;
  std::error_code error;
  const auto workspace = std::filesystem::canonical(job.directory, error);
  if (error) return Error::from_errno(error.value(), "the workspace " + job.directory);
  spec.paths.emplace_back(workspace, step.workspace == WorkspaceAccess::Write ? "write" : "read");
  spec.facts.emplace_back("workspace", workspace);
  spec.directory = workspace;
  return spec;
}

using Outputs = std::map<std::string, std::string>;

/// Takes the job's secrets out of all that goes on from here: to the log, the server, the journal.
void hide_secrets_in(JobLog& log, BoxVerdict& verdict, Outputs& outputs) {
  plugin_host::StepResult& result = verdict.result;
  for (std::string* text : {&result.reason, &result.message, &result.hint}) {
    *text = log.redacted(*text);
  }
  if (!result.detail.empty()) result.detail = redacted_json(log, result.detail);
  for (auto& [name, json] : outputs) json = redacted_json(log, json);
}

/// What it may do beyond its box; the box itself is told of by the plugin host.
void show_services(JobContext& job, const PlannedStep& step) {
  std::vector<std::string> services = step.services;
  for (const char* other : {"http", "listener", "service"}) std::erase(services, other);
  if (!services.empty()) {
    job.log.line(
        log::comment("may ask the server in the name of the job: " + joined(services, ", ")));
  }
  if (std::ranges::find(step.services, "service") != step.services.end()) {
    job.log.line(log::comment("may start services that outlive the job"));
  }
  if (step.host_directory) {
    job.log.line(log::comment("keeps files on this host for later jobs of its pipeline"));
  }
  if (!step.secrets.empty()) {
    job.log.line(log::comment("may read the secrets " + joined(step.secrets, ", ")));
  }
  if (!step.secrets_put.empty()) {
    job.log.line(log::comment("may set the secrets " + joined(step.secrets_put, ", ")));
  }
  if (!step.hosts.empty()) {
    job.log.line(log::comment("may ask by HTTP: " + joined(step.hosts, ", ")));
  }
}

asio::awaitable<Result<BoxVerdict>> run_box(JobContext& job, StepPlugin& plugin, const Facts& facts,
                                            Outputs& outputs) {
  const PlannedStep& step = plugin.plan;
  OSTLER_CO_TRY(ScratchDirectory scratch, ScratchDirectory::make(job.variable("TMPDIR")));
  OSTLER_CO_TRY(BoxSpec spec, box_spec(job, step, facts, scratch));
  OSTLER_CO_TRY(auto resources,
                co_await unpack_resources(job.cancellation, job.variable("TMPDIR"), plugin));
  resources.give_to(spec);
  OSTLER_CO_TRY(auto kept, take_host_directory(job, step));
  if (kept) plugin_host::give_host_directory(spec, kept->path());
  std::vector<std::string> names = step.libraries;
  names.insert(names.begin(), step.library);
  spec.code = plugin_host::named_code(std::move(names), std::move(plugin.code));
  JobStepServices services(job, step, plugin_host::roots_of(spec.paths));
  show_services(job, step);
  StepOutput output(job.log, job.link);
  BoxRun run(job.executor, services, output);
  if (job.cancellation.is_cancelled()) co_return Error(Errc::Cancelled, "the job was cancelled");
  const ForegroundBox foreground(job.cancellation, run);
  auto verdict = co_await run.run(std::move(spec));
  co_await services.end();
  output.finish();
  co_await leave_host_directory(job, std::move(kept));
  const auto removed =
      co_await end_run_files(job.cancellation, std::move(scratch), std::move(resources), verdict);
  if (!removed) job.log.line(log::warning(removed.error().message()));
  if (!verdict) co_return verdict;
  outputs = services.outputs();
  hide_secrets_in(job.log, verdict.value(), outputs);
  co_return verdict;
}

/// How a script would see it: a crash as the signal, all else as an exit status.
process::ExitStatus status_of(const BoxVerdict& verdict) {
  if (verdict.signal != 0) return process::Signalled{verdict.signal};
  return process::Exited{verdict.result.exit_status};
}

void tell_step_end(JobContext& job, const PlannedStep& step, const BoxVerdict& verdict) {
  const plugin_host::StepResult& result = verdict.result;
  if (!result.detail.empty()) job.log.line(log::comment("detail " + result.detail));
  const std::string text = step.reference() + " " + plugin_host::describe(result);
  job.log.line(result.exit_status == 0 ? log::comment(text) : log::error(text));
  job.log.line(log::comment(step.reference() + " " + plugin_host::describe(verdict.usage)));
  job.result.command = status_of(verdict);
  job.result.plugin_crashed = verdict.signal != 0;
  job.result.command_evidence = job.log.redacted(text);
}

/// What is not the plugin's own doing.
void tell_fault(JobContext& job, const std::string& text) {
  job.log.line(log::error(text));
  job.result.command = process::Exited{1};
  job.result.command_evidence = job.log.redacted(text);
}

bool has_failed(const JobContext& job) {
  return job.cancellation.is_cancelled() || !job.result.command ||
         exit_status_of(*job.result.command) != 0;
}

/// What a log shows of a value that it need not keep whole.
std::string beginning_of(const std::string& text) {
  constexpr std::size_t kShown = 200;  // bytes
  return text.size() <= kShown ? text : text.substr(0, kShown) + "...";
}

void show_outputs(JobContext& job, const Outputs& outputs) {
  for (const auto& [name, json] : outputs) {
    job.log.line(log::comment("output " + name + " = " + beginning_of(json)));
  }
}

/// For the server that wants to know it: what was put out, and how it ended.
void note_step_end(JobContext& job, const PlannedStep& step, const Outputs& outputs,
                   const BoxVerdict& verdict) {
  for (const auto& [name, json] : outputs) {
    job.link.post(output_event(step.reference(), name, json));
  }
  job.link.post(result_event(step.reference(), verdict.result, verdict.usage));
}

/// A step whose outputs are lost has not passed.
asio::awaitable<void> keep_outputs(JobContext& job, const PlannedStep& step, Outputs outputs,
                                   const BoxVerdict& verdict) {
  const auto stored = co_await store_outputs(job, std::move(outputs), verdict.result);
  if (!stored && !has_failed(job)) {
    tell_fault(job, step.reference() + ": " + stored.error().message());
  }
}

}  // namespace

asio::awaitable<void> run_step_plugins(JobContext& job) {
  const auto started = co_await job.link.declare_started();
  if (!started) co_return;
  const Facts facts = step_facts(job);
  if (!environment::value_of(job.env, "BUILDKITE_COMMAND").empty()) {
    job.log.line(log::comment("Not running the step's command: it is left to " +
                              job.step_plugins.front().plan.reference()));
  }
  for (StepPlugin& plugin : job.step_plugins) {
    const PlannedStep& step = plugin.plan;
    if (&plugin != &job.step_plugins.front()) {
      job.log.line(log::warning(
          "more than one plugin is there for the command: " + step.reference() + " runs, too"));
    }
    job.log.line(log::section("Running plugin " + step.reference()));
    Outputs outputs;
    const auto verdict = co_await run_box(job, plugin, facts, outputs);
    if (verdict) {
      show_outputs(job, outputs);
      tell_step_end(job, step, verdict.value());
      note_step_end(job, step, outputs, verdict.value());
      co_await keep_outputs(job, step, std::move(outputs), verdict.value());
    } else if (verdict.error().code() != Errc::Cancelled) {
      tell_fault(job, step.reference() + " could not be run: " + verdict.error().message());
    }
    if (has_failed(job)) co_return;
  }
}

}  // namespace ostler::worker
