// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>

#include "agent_client/upload_pipeline.hpp"
#include "base/uuid.hpp"
#include "cli/change_finder.hpp"
#include "cli/exit.hpp"
#include "cli/job_command.hpp"
#include "cli/options.hpp"
#include "cli/pipeline_input.hpp"
#include "cli/pipeline_secrets.hpp"
#include "cli/pipeline_variables.hpp"
#include "cli/plugin_lint.hpp"
#include "cli/redacted_input.hpp"
#include "cli/run_functions.hpp"
#include "console/pipeline_faults.hpp"
#include "pipeline/if_changed.hpp"
#include "pipeline/placed_refusal.hpp"
#include "pipeline/read_upload.hpp"

namespace ostler::cli {
namespace {

/// A flag whose feature comes later: refused when it has a value, for the upload would not be what
/// its user wants.
struct LaterFlag {
  const char* name;
  const char* variable;
  const char* feature;
};
constexpr const char* kApplyIfChanged = "BUILDKITE_AGENT_APPLY_IF_CHANGED";
constexpr const char* kApplySkipIfUnchanged = "BUILDKITE_AGENT_APPLY_SKIP_IF_UNCHANGED";

constexpr std::array kLaterFlags{
    LaterFlag{"--jwks-file", "BUILDKITE_AGENT_JWKS_FILE", "signing"},
    LaterFlag{"--jwks-key-id", "BUILDKITE_AGENT_JWKS_KEY_ID", "signing"},
    LaterFlag{"--signing-aws-kms-key", "BUILDKITE_AGENT_AWS_KMS_KEY", "signing"},
    LaterFlag{"--signing-gcp-kms-key", "BUILDKITE_AGENT_GCP_KMS_KEY", "signing"}};

struct PipelineFlags {
  std::vector<std::string> files;
  std::string job;
  std::string format = "json";
  std::string redacted_vars;
  bool replace = false;
  bool dry_run = false;
  bool no_interpolation = false;
  bool allow_secrets = false;
  bool reject_warnings = false;
  bool apply_if_changed = true;
  ChangeSearch changes;
  std::array<std::string, kLaterFlags.size()> later;

  void add_to(CLI::App& app) {
    take_common_flags(app);
    take_job(app, job);
    take_redacted_vars(app, redacted_vars);
    app.add_option("files", files,
                   "Pipeline files; without any: standard input, else the file with a customary "
                   "name, such as .buildkite/pipeline.yml");
    app.add_flag("--replace", replace, "Remove the steps behind this one that have not begun")
        ->envname("BUILDKITE_PIPELINE_REPLACE");
    app.add_flag("--dry-run", dry_run, "Print what would be uploaded")
        ->envname("BUILDKITE_PIPELINE_UPLOAD_DRY_RUN");
    app.add_option("--format", format, "How a dry run prints: json or yaml")
        ->envname("BUILDKITE_PIPELINE_UPLOAD_DRY_RUN_FORMAT")
        ->check(CLI::IsMember({"json", "yaml"}))
        ->capture_default_str();
    app.add_flag("--no-interpolation", no_interpolation, "Leave $VARIABLES as they are")
        ->envname("BUILDKITE_PIPELINE_NO_INTERPOLATION");
    add_checks(app);
    add_later(app);
  }

 private:
  void add_checks(CLI::App& app) {
    app.add_flag("--allow-secrets", allow_secrets, "Only warn of secrets in the pipeline")
        ->envname("BUILDKITE_AGENT_PIPELINE_UPLOAD_ALLOW_SECRETS");
    app.add_flag("--reject-secrets")->group("");  // what version 3 had to be told
    app.add_flag("--reject-parse-warnings", reject_warnings, "Fail where there would be a warning")
        ->envname("BUILDKITE_AGENT_PIPELINE_UPLOAD_REJECT_PARSE_WARNINGS");
    app.add_flag("--apply-if-changed", apply_if_changed,
                 "Skip steps whose if_changed matches no changed file; false: run them always")
        ->envname(std::getenv(kApplyIfChanged) != nullptr ? kApplyIfChanged
                                                          : kApplySkipIfUnchanged);
    app.add_option("--git-diff-base", changes.base,
                   "The commit from which on files count as changed; without it: the base branch "
                   "of the pull request, the default branch of the pipeline, origin/main")
        ->envname("BUILDKITE_GIT_DIFF_BASE");
    app.add_flag("--fetch-diff-base", changes.fetches_base, "Fetch that commit first")
        ->envname("BUILDKITE_FETCH_DIFF_BASE");
    app.add_option("--changed-files-path", changes.list,
                   "A file with the path of one changed file a line, instead of asking git")
        ->envname("BUILDKITE_CHANGED_FILES_PATH");
  }

  void add_later(CLI::App& app) {
    for (std::size_t at = 0; at < kLaterFlags.size(); ++at) {
      auto* flag = app.add_option(kLaterFlags[at].name, later[at], "Not supported yet");
      flag->expected(0, 1);
      flag->envname(kLaterFlags[at].variable);
    }
    app.add_flag("--debug-signing")->group("");
  }
};

/// One pipeline that is ready to be uploaded.
struct Upload {
  std::string source;
  pipeline::UploadDocument document;
  std::size_t input = 0;   ///< of those that were read
  std::size_t number = 0;  ///< of the document in that, from 0 on
};

/// What is uploaded and how it was read, so that what a server says of it can be shown there.
struct Prepared {
  std::vector<PipelineInput> inputs;
  pipeline::UploadReading how{};
  std::vector<Upload> uploads{};
};

void warn(const std::string& sentence) { remark("ostler: pipeline upload: " + sentence); }

Result<void> refuse_later(const CLI::App& app) {
  for (const LaterFlag& flag : kLaterFlags) {
    if (app.get_option(flag.name)->count() == 0) continue;
    return Error(Errc::UserFault, std::string("pipeline upload: ") + flag.name + " (or " +
                                      flag.variable + "): " + flag.feature +
                                      " is not supported yet; leave it out");
  }
  return success();
}

Result<void> check_warnings(const Upload& upload, bool reject) {
  for (const std::string& text : upload.document.warnings) {
    if (reject) return Error(Errc::UserFault, "pipeline upload: " + upload.source + ": " + text);
    warn(upload.source + ": " + text);
  }
  return success();
}

Result<void> check_secrets(const Upload& upload, const environment::Variables& process,
                           bool allow) {
  std::string names;
  for (const std::string& name : secrets_in_pipeline(upload.document.json, process)) {
    names += (names.empty() ? "" : " ") + name;
  }
  if (names.empty()) return success();
  const std::string found = "pipeline \"" + upload.source +
                            "\" contains values interpolated from the following secret "
                            "environment variables: [" +
                            names + "]";
  if (!allow) return Error(Errc::UserFault, found + ", and cannot be uploaded to Buildkite");
  warn(found + ", which will be uploaded");
  return success();
}

void decide_if_changed(std::vector<Upload>& uploads, const PipelineFlags& flags,
                       const environment::Variables& process) {
  ChangeSearch search = flags.changes;
  search.job = process;
  ChangeFinder finder(std::move(search));
  pipeline::ChangeTest test;
  if (flags.apply_if_changed) {
    test = [&](const pipeline::ChangedFileGlobs& globs) { return finder.has_changed(globs); };
  }
  for (Upload& upload : uploads) {
    for (const std::string& text : pipeline::apply_if_changed(upload.document, test)) {
      warn(upload.source + ": " + text);
    }
  }
}

/// What `pipeline lint` has against the step plugins, for a dry run is where somebody looks.
Result<void> warn_of_plugins(const Prepared& prepared) {
  OSTLER_TRY(const auto known, KnownPlugins::find("", {}));
  for (const PipelineInput& input : prepared.inputs) {
    pipeline::FaultList faults(input.name);
    pipeline::FaultList doubts(input.name);
    lint_plugins(input, known, faults, doubts);
    faults.take(doubts);
    if (faults.empty()) continue;
    warn(kPluginWarnings + ("\n" + console::shown_faults(faults, input.text).message()));
  }
  return success();
}

/// Reads and checks everything before anything is uploaded.
Result<Prepared> prepare(const PipelineFlags& flags) {
  OSTLER_TRY(auto inputs, pipeline_inputs("pipeline upload", flags.files));
  Prepared prepared{.inputs = std::move(inputs)};
  auto process = environment::variables_of_process();
  if (!flags.redacted_vars.empty()) process["BUILDKITE_REDACTED_VARS"] = flags.redacted_vars;
  if (!flags.no_interpolation) prepared.how.variables = pipeline_variables(process);
  std::vector<Upload>& uploads = prepared.uploads;
  for (std::size_t at = 0; at < prepared.inputs.size(); ++at) {
    const PipelineInput& input = prepared.inputs[at];
    pipeline::FaultList faults(input.name);
    auto documents = pipeline::read_upload(input.text, prepared.how, faults);
    if (!faults.empty()) return console::shown_faults(faults, input.text);
    for (std::size_t number = 0; number < documents.size(); ++number) {
      uploads.push_back({input.name, std::move(documents[number]), at, number});
    }
    if (documents.empty()) warn(input.name + " holds no pipeline; nothing of it is uploaded");
  }
  for (const Upload& upload : uploads) {
    OSTLER_TRY(check_warnings(upload, flags.reject_warnings));
    OSTLER_TRY(check_secrets(upload, process, flags.allow_secrets));
  }
  decide_if_changed(uploads, flags, process);
  return prepared;
}

/// What a server has against an upload, where that is in its text if the server is one of ours.
Error placed(Error error, const Prepared& prepared, const Upload& upload) {
  constexpr std::string_view kRejected = "pipeline upload rejected: ";
  if (!error.message().starts_with(kRejected)) return error;
  const std::string refusal = error.message().substr(kRejected.size());
  const PipelineInput& input = prepared.inputs[upload.input];
  const auto faults = pipeline::placed_refusal(refusal, {.file = input.name,
                                                         .text = input.text,
                                                         .document = upload.number,
                                                         .variables = prepared.how.variables});
  if (!faults) return error;
  return Error(Errc::UserFault, std::string(kRejected) + "found faults\n" +
                                    console::shown_faults(*faults, input.text).message());
}

Result<void> run(const PipelineFlags& flags, agent_client::Transport& transport) {
  OSTLER_TRY(const auto prepared, prepare(flags));
  if (flags.dry_run) {
    OSTLER_TRY(warn_of_plugins(prepared));
  }
  if (!flags.dry_run && flags.job.empty()) {
    return Error(Errc::UserFault, "no job: set BUILDKITE_JOB_ID or pass --job");
  }
  for (const Upload& upload : prepared.uploads) {
    const pipeline::UploadDocument& document = upload.document;
    if (flags.dry_run) {
      print(flags.format == "yaml" ? pipeline::yaml(document) : pipeline::indented_json(document));
      continue;
    }
    const auto taken = agent_client::upload_pipeline(
        transport, flags.job, {Uuid::make().str(), document.json, flags.replace},
        telling_clock("pipeline upload"));
    if (!taken) return placed(taken.error(), prepared, upload);
    warn("uploaded " + upload.source);
  }
  return success();
}

}  // namespace

int pipeline_upload(const Arguments& arguments, agent_client::Transport& transport) {
  CLI::App app("Adds steps to the build of a job", "pipeline upload");
  PipelineFlags flags;
  flags.add_to(app);
  app.footer(
      "Examples:\n"
      "  ostler pipeline upload                           .buildkite/pipeline.yml or the like\n"
      "  ostler pipeline upload .buildkite/deploy.yml\n"
      "  ./generate-pipeline | ostler pipeline upload     steps that a program makes\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (const auto refused = refuse_later(app); !refused) return fail_in_job(refused.error());
  return end_in_job(run(flags, transport));
}

}  // namespace ostler::cli
