// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/build_commands.hpp"
#include "cli/build_finder.hpp"
#include "cli/build_watcher.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "cli/repository_address.hpp"
#include "console/build_page.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kCreateExamples =
    "Examples:\n"
    "  ostler build create               of this checkout's pipeline and branch\n"
    "  ostler build create --pipeline app --branch main --env RELEASE=yes --watch\n"
    "Exit status: 0 the build is made, 2 it is refused; with --watch as of \"ostler build "
    "watch\"\n";

struct CreateOptions {
  ClientFlags client;
  std::string pipeline;
  wire::RestNewBuild build{.commit = "HEAD", .branch = {}, .message = {}};
  std::vector<std::string> variables;
  bool as_json = false;
  bool watch = false;

  void add_to(CLI::App& app) {
    app.add_option("--pipeline", pipeline, "Of which pipeline (its slug); else this checkout's");
    app.add_option("--branch", build.branch,
                   "Of which branch; else the one that is checked out here, else the pipeline's "
                   "default branch");
    app.add_option("--commit", build.commit, "Of which commit")->capture_default_str();
    app.add_option("--message", build.message, "What the build is called");
    app.add_option("--env", variables, "NAME=VALUE for its jobs; may be given several times")
        ->allow_extra_args(false);
    auto* json = app.add_flag("--json", as_json, kPipelineJsonHelp);
    app.add_flag("--watch", watch, "Then watch it to its end")->excludes(json);
    take_client_flags(app, client);
    app.footer(kCreateExamples);
  }
};

Result<void> add_variable(const std::string& text, std::map<std::string, std::string>& into) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == text.npos) {
    return Error(Errc::UserFault, "build create: --env " + text + ": give NAME=VALUE");
  }
  into[text.substr(0, equals)] = text.substr(equals + 1);
  return success();
}

/// The branch that is meant when none is named.
Result<std::string> usual_branch(HubClient& hub, BuildFinder& finder, const std::string& slug) {
  OSTLER_TRY(std::string branch, finder.branch_of(slug));
  if (!branch.empty()) return branch;
  const auto pipeline = hub.pipeline(slug);
  if (!pipeline && is_missing(pipeline.error())) return finder.no_pipeline(slug);
  if (!pipeline) return pipeline.error();
  const std::string& usual = pipeline.value().default_branch;
  return usual.empty() ? std::string("main") : usual;
}

Result<int> make_build(HubClient& hub, CreateOptions options) {
  for (const std::string& text : options.variables) {
    OSTLER_TRY(add_variable(text, options.build.env));
  }
  BuildFinder finder(hub, ".");
  if (options.pipeline.empty()) {
    OSTLER_TRY(options.pipeline, finder.pipeline_here());
  }
  if (options.build.branch.empty()) {
    OSTLER_TRY(options.build.branch, usual_branch(hub, finder, options.pipeline));
  }
  const auto text = hub.create_build_text(options.pipeline, options.build);
  if (!text && is_missing(text.error())) return finder.no_pipeline(options.pipeline);
  if (!text) return text.error();
  auto terminal = console::Terminal::of_standard_output();
  if (options.as_json) {
    OSTLER_TRY(const auto shown, without_credentials(text.value()));
    terminal.print_line(shown);
    return kExitOk;
  }
  OSTLER_TRY(const auto build, wire::decode_rest_build(text.value()));
  terminal.print_line("made " + console::build_name(build) + " of " + options.build.branch + ": " +
                      build.web_url);
  return options.watch ? watch_build(hub, build, terminal) : Result<int>(kExitOk);
}

}  // namespace

int run_build_create(const Arguments& arguments) {
  CreateOptions options;
  CLI::App app("Makes a build of a pipeline", "build create");
  options.add_to(app);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client, [&](HubClient& hub) { return make_build(hub, options); });
}

}  // namespace ostler::cli
