// SPDX-License-Identifier: Apache-2.0
#include "cli/step.hpp"

#include <CLI/CLI.hpp>
#include <optional>

#include "agent_client/path.hpp"
#include "base/uuid.hpp"
#include "cli/exit.hpp"
#include "cli/job_command.hpp"
#include "cli/options.hpp"
#include "cli/redacted_input.hpp"
#include "wire/agent_api_steps.hpp"

namespace ostler::cli {
namespace {

using agent_client::Transport;
namespace policy = agent_client::policy;

constexpr const char* kCancelElsewhere =
    "Example:\n"
    "  ostler build cancel\n"
    "Outside of jobs \"ostler build cancel BUILD\" cancels any build: BUILD is PIPELINE/NUMBER, "
    "an\n"
    "id or a URL, and the token that of a person (ostler login).\n";

void take_build(CLI::App& app, std::string& build) {
  app.add_option("--build", build, "The build that the step is in")->envname("BUILDKITE_BUILD_ID");
}

/// The step that is meant, as a path names it.
struct StepFlag {
  std::string step;

  void add_to(CLI::App& app) {
    take_common_flags(app);
    app.add_option("--step", step, "Key or id of the step")->envname("BUILDKITE_STEP_ID");
  }

  Result<std::string> path(std::string_view verb) const {
    if (step.empty()) {
      return Error(Errc::UserFault, "no step: set BUILDKITE_STEP_ID or pass --step");
    }
    return "steps/" + agent_client::path_segment(step) + std::string(verb);
  }
};

Result<std::string> export_step(Transport& transport, const StepFlag& step,
                                const wire::StepExportRequest& request) {
  OSTLER_TRY(std::string path, step.path("/export"));
  return ask(transport, "step get", {"POST", std::move(path), encode(request)}, policy::kStep,
             [](const std::string& body) { return wire::decode_step_output(body); });
}

Result<void> update(Transport& transport, const StepFlag& step,
                    const wire::StepUpdateRequest& request) {
  OSTLER_TRY(std::string path, step.path(""));
  OSTLER_TRY(
      ask(transport, "step update", {"PUT", std::move(path), encode(request)}, policy::kStep));
  return success();
}

Result<void> cancel(Transport& transport, const StepFlag& step,
                    const wire::StepCancelRequest& request) {
  if (request.force_grace_period < 0) {
    return Error(Errc::UserFault, "step cancel: the grace period must not be negative");
  }
  OSTLER_TRY(std::string path, step.path("/cancel"));
  OSTLER_TRY(
      ask(transport, "step cancel", {"POST", std::move(path), encode(request)}, policy::kStep));
  return success();
}

Result<void> cancel(Transport& transport, const std::string& build) {
  if (build.empty()) {
    return Error(Errc::UserFault, "no build: set BUILDKITE_BUILD_ID or pass --build");
  }
  OSTLER_TRY(ask(transport, "build cancel",
                 {"POST", "builds/" + agent_client::path_segment(build) + "/cancel", ""},
                 policy::kBuildCancel));
  return success();
}

}  // namespace

int step_get(const Arguments& arguments, Transport& transport) {
  CLI::App app("Prints an attribute of a step, or all of them as JSON", "step get");
  StepFlag step;
  wire::StepExportRequest request;
  step.add_to(app);
  take_build(app, request.build_id);
  app.add_option("attribute", request.attribute, "label, key, state, outcome, ...; none: all");
  app.add_option("--format", request.format, "json, which lists and objects need")
      ->envname("BUILDKITE_STEP_GET_FORMAT");
  app.footer(
      "Examples:\n"
      "  ostler step get outcome --step test\n"
      "  ostler step get --step test     all of its attributes as JSON\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto output = export_step(transport, step, request);
  if (!output) return fail_in_job(output.error());
  print(output.value() + "\n");
  return kExitOk;
}

int step_update(const Arguments& arguments, Transport& transport) {
  CLI::App app("Changes an attribute of a step", "step update");
  StepFlag step;
  wire::StepUpdateRequest request;
  std::optional<std::string> given;
  std::string globs;
  step.add_to(app);
  take_build(app, request.build_id);
  take_redacted_vars(app, globs);
  app.add_option("attribute", request.attribute, "label or priority")->required();
  app.add_option("value", given, "The value; standard input when not given");
  app.add_flag("--append", request.append, "Put the value after the one that is there")
      ->envname("BUILDKITE_STEP_UPDATE_APPEND");
  app.footer(
      "Examples:\n"
      "  ostler step update label 'Deploy 1.4.2'\n"
      "  ostler step update label ' again' --append     after what it is\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto value = value_or_standard_input(given, "the value");
  if (!value) return fail_in_job(value.error());
  request.value = redacted(value.value(), globs, "step update", "the value");
  request.idempotency_uuid = Uuid::make().str();
  return end_in_job(update(transport, step, request));
}

int step_cancel(const Arguments& arguments, Transport& transport) {
  CLI::App app("Cancels the jobs of a step", "step cancel");
  StepFlag step;
  wire::StepCancelRequest request;
  step.add_to(app);
  take_build(app, request.build_id);
  app.add_flag("--force", request.force, "Wait no longer than the grace period for the agents")
      ->envname("BUILDKITE_STEP_CANCEL_FORCE");
  app.add_option("--force-grace-period-seconds", request.force_grace_period,
                 "How long to wait with --force")
      ->envname("BUILDKITE_STEP_CANCEL_FORCE_GRACE_PERIOD_SECONDS")
      ->capture_default_str();
  app.footer("Example:\n  ostler step cancel --step deploy");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return end_in_job(cancel(transport, step, request));
}

int build_cancel(const Arguments& arguments, Transport& transport) {
  CLI::App app("Cancels the build of this job", "build cancel");
  std::string build;
  take_common_flags(app);
  app.add_option("--build", build, "The build")->envname("BUILDKITE_BUILD_ID");
  app.footer(kCancelElsewhere);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return end_in_job(cancel(transport, build));
}

}  // namespace ostler::cli
