// SPDX-License-Identifier: Apache-2.0
#include "cli/annotate.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "agent_client/path.hpp"
#include "cli/exit.hpp"
#include "cli/job_command.hpp"
#include "cli/options.hpp"
#include "cli/redacted_input.hpp"
#include "wire/agent_api_annotations.hpp"

namespace ostler::cli {
namespace {

struct AnnotationOptions {
  std::string body;
  std::string context{wire::kDefaultContext};
  std::string style;
  std::string scope = "build";
  std::string job;
  std::string globs;
  std::int64_t priority = model::kUsualPriority;
  bool append = false;

  /// What both commands take.
  void add_to(CLI::App& app) {
    take_common_flags(app);
    take_job(app, job);
    app.add_option("--context", context, "Its name; one per scope and name")
        ->envname("BUILDKITE_ANNOTATION_CONTEXT")
        ->capture_default_str();
    app.add_option("--scope", scope, "What it is about: build or job")
        ->envname("BUILDKITE_ANNOTATION_SCOPE")
        ->capture_default_str();
  }

  void add_change_to(CLI::App& app) {
    app.add_option("body", body, "Markdown; standard input when not given");
    app.add_option("--style", style, "success, info, warning or error")
        ->envname("BUILDKITE_ANNOTATION_STYLE");
    app.add_flag("--append", append, "Put the body after the one that is there")
        ->envname("BUILDKITE_ANNOTATION_APPEND");
    app.add_option("--priority", priority, "1 (shown last) to 10 (shown first)")
        ->envname("BUILDKITE_ANNOTATION_PRIORITY")
        ->capture_default_str();
    take_redacted_vars(app, globs);
  }
};

/// The given body, or what a pipe or file on standard input holds; a terminal is not waited for,
/// for an annotation may change its style alone.
Result<std::string> body_of(const AnnotationOptions& options) {
  if (!options.body.empty() || ::isatty(STDIN_FILENO) != 0) return options.body;
  return read_standard_input("the body");
}

Result<wire::AnnotationRequest> request_of(const AnnotationOptions& options) {
  wire::AnnotationRequest request;
  OSTLER_TRY(request.scope, wire::annotation_scope_of(options.scope));
  if (!options.style.empty()) {
    OSTLER_TRY(request.change.style, wire::annotation_style_of(options.style));
  }
  OSTLER_TRY(const std::string body, body_of(options));
  request.context = options.context;
  request.change.body = redacted(body, options.globs, "annotate", "the body");
  request.change.append = options.append;
  request.change.priority = options.priority;
  OSTLER_TRY(check(request.context, request.change));
  return request;
}

Result<void> send(const AnnotationOptions& options, agent_client::Transport& transport) {
  OSTLER_TRY(const auto request, request_of(options));
  OSTLER_TRY(std::string path, job_path(options.job, "annotations"));
  OSTLER_TRY(ask(transport, "annotate", {"POST", std::move(path), encode(request)},
                 agent_client::policy::kAnnotation));
  return success();
}

Result<void> remove(const AnnotationOptions& options, agent_client::Transport& transport) {
  OSTLER_TRY(const auto scope, wire::annotation_scope_of(options.scope));
  OSTLER_TRY(std::string path,
             job_path(options.job, "annotations/" + agent_client::path_segment(options.context)));
  path.append("?scope=").append(wire::name_of(scope));
  OSTLER_TRY(ask(transport, "annotation remove", {"DELETE", std::move(path), ""},
                 agent_client::policy::kAnnotation));
  return success();
}

}  // namespace

int annotate(const Arguments& arguments, agent_client::Transport& transport) {
  CLI::App app("Puts a text beside the build, or changes it", "annotate");
  AnnotationOptions options;
  options.add_to(app);
  options.add_change_to(app);
  app.footer(
      "Examples:\n"
      "  ostler annotate '**All** tests passed' --style success --context tests\n"
      "  ostler annotate --context report < report.md               a file of Markdown\n"
      "  ./coverage | ostler annotate --context report --append     more below it\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return end_in_job(send(options, transport));
}

int annotation_remove(const Arguments& arguments, agent_client::Transport& transport) {
  CLI::App app("Removes a text from beside the build", "annotation remove");
  AnnotationOptions options;
  options.add_to(app);
  app.footer("Example:\n  ostler annotation remove --context report");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return end_in_job(remove(options, transport));
}

}  // namespace ostler::cli
