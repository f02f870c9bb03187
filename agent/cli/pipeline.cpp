// SPDX-License-Identifier: Apache-2.0
// `ostler pipeline create|update`.
#include <CLI/CLI.hpp>

#include "cli/hub_session.hpp"
#include "cli/keep_option.hpp"
#include "cli/named_file.hpp"
#include "cli/options.hpp"
#include "cli/repository_address.hpp"
#include "cli/run_functions.hpp"
#include "console/plain_text.hpp"
#include "console/terminal.hpp"
#include "environment/shell_words.hpp"

namespace ostler::cli {
namespace {

constexpr std::string_view kUsualSteps = "steps:\n  - command: ostler pipeline upload\n";
constexpr const char* kPollHelp =
    "Look for new commits every so many seconds (10 to 604800), and build each; 0: never";
constexpr const char* kCreateExamples =
    "Examples:\n"
    "  ostler pipeline create web --repository git@git.example.com:acme/web.git\n"
    "  ostler pipeline create nightly --repository \"$PWD\" --file pipeline.yml\n"
    "  ostler pipeline create \"C++ tools\" --slug cpp-tools --repository .\n"
    "  ostler pipeline create tools --repository https://git.example.com/acme/tools.git --json\n";
constexpr const char* kUpdateExamples =
    "Examples:\n"
    "  ostler pipeline update app --poll 60\n"
    "  ostler pipeline update app --keep builds-days=0,logs-days=30\n"
    "  ostler pipeline update app --name \"Web app\" --slug app\n"
    "  ostler pipeline update app --file pipeline.yml --branch-filter \"main release/*\"\n";

void print_line(const std::string& line) {
  console::Terminal::of_standard_output().print_line(line);
}

std::string said(int seconds) {
  return seconds == 0 ? "is not looked at for new commits"
                      : "is looked at every " + std::to_string(seconds) + " seconds";
}

std::string said_of_copy(const std::string& slug, const std::string& file) {
  return console::plain_line("the hub keeps a copy of " + file +
                             "; a newer one: ostler pipeline update " + slug + " --file " +
                             environment::shell_quoted(file));
}

struct NewPipelineOptions {
  ClientFlags client;
  wire::RestNewPipeline pipeline;
  std::string file;
  bool as_json = false;

  void add_to(CLI::App& app) {
    app.add_option("NAME", pipeline.name, "Name")->required();
    app.add_option("--slug", pipeline.slug, "Its name in addresses; without it made of NAME");
    app.add_option("--repository", pipeline.repository,
                   "Address of its git repository, or a directory")
        ->required();
    app.add_option("--file", file,
                   "YAML of its first steps, of which the hub keeps a copy; without it they are "
                   "those that the repository holds (ostler pipeline upload)");
    app.add_option("--description", pipeline.description, "What it is for");
    app.add_option("--branch", pipeline.default_branch, "Its default branch");
    app.add_option("--poll", pipeline.poll_seconds, kPollHelp);
    app.add_flag("--json", as_json, kPipelineJsonHelp);
    take_client_flags(app, client);
    app.footer(kCreateExamples);
  }
};

Result<int> create(HubClient& hub, NewPipelineOptions options) {
  OSTLER_TRY(options.pipeline.repository, given_repository(options.pipeline.repository));
  options.pipeline.configuration = kUsualSteps;
  if (!options.file.empty()) {
    OSTLER_TRY(options.pipeline.configuration, read_named_file(options.file));
  }
  OSTLER_TRY(const auto text, hub.create_pipeline_text(options.pipeline));
  OSTLER_TRY(const auto slug, wire::decode_rest_pipeline_slug(text));
  if (options.as_json) {
    OSTLER_TRY(const auto shown, without_credentials(text));
    print_line(shown);
    return kExitOk;
  }
  print_line("made pipeline " + slug + "; its repository " + said(options.pipeline.poll_seconds));
  if (!options.file.empty()) print_line(said_of_copy(slug, options.file));
  return kExitOk;
}

struct PipelineChangeOptions {
  ClientFlags client;
  std::string slug;
  wire::RestPipelineChange change;
  std::string file;
  std::string keep;
  bool as_json = false;

  void add_to(CLI::App& app) {
    app.add_option("SLUG", slug, "Which one")->required();
    app.add_option("--name", change.name, "A new name, and with it a new slug");
    app.add_option("--slug", change.slug, "The slug that it is to have");
    app.add_option("--repository", change.repository,
                   "Address of its git repository, or a directory");
    app.add_option("--file", file, "YAML of its first steps");
    app.add_option("--description", change.description, "What it is for; \"\": nothing");
    app.add_option("--branch", change.default_branch, "Its default branch");
    app.add_option("--branch-filter", change.branch_configuration,
                   "Branches that are built, such as \"main release/*\"; \"\": all");
    app.add_option("--poll", change.poll_seconds, kPollHelp);
    app.add_option("--keep", keep, kKeepHelp);
    app.add_flag("--json", as_json, kPipelineJsonHelp);
    take_client_flags(app, client);
    app.footer(kUpdateExamples);
  }
};

Result<int> update(HubClient& hub, PipelineChangeOptions options) {
  if (!options.file.empty()) {
    OSTLER_TRY(options.change.configuration, read_named_file(options.file));
  }
  if (options.change.repository) {
    OSTLER_TRY(options.change.repository, given_repository(*options.change.repository));
  }
  if (!options.keep.empty()) {
    OSTLER_TRY(options.change.retention, parse_keep(options.keep));
  }
  const std::string body = wire::encode_rest_pipeline_change(options.change);
  if (body == "{}") {
    return Error(Errc::UserFault, "pipeline update: say what to change; see --help");
  }
  OSTLER_TRY(const auto answer, hub.ask("PATCH", "/pipelines/" + options.slug, body));
  if (options.as_json) {
    OSTLER_TRY(const auto shown, without_credentials(answer));
    print_line(shown);
    return kExitOk;
  }
  OSTLER_TRY(const auto pipeline, wire::decode_rest_pipeline(answer));
  const auto seconds = static_cast<int>(pipeline.poll_seconds.value_or(0));
  print_line("changed pipeline " + pipeline.slug + "; its repository " + said(seconds));
  return kExitOk;
}

/// Deletes nothing unless it is said twice.
Result<int> remove(HubClient& hub, const std::string& slug, bool is_sure) {
  OSTLER_TRY(const auto pipeline, hub.pipeline(slug));
  if (!is_sure) {
    return Error(Errc::UserFault, "pipeline delete: " + pipeline.slug +
                                      " goes with all its builds, logs and artifacts; say --yes");
  }
  OSTLER_TRY(hub.ask("DELETE", "/pipelines/" + pipeline.slug));
  print_line("deleted pipeline " + pipeline.slug);
  return kExitOk;
}

}  // namespace

int run_pipeline_delete(const Arguments& arguments) {
  ClientFlags client;
  std::string slug;
  bool is_sure = false;
  CLI::App app("Deletes a pipeline with all its builds, logs and artifacts", "pipeline delete");
  app.add_option("SLUG", slug, "Which one")->required();
  app.add_flag("--yes", is_sure, "Really");
  take_client_flags(app, client);
  app.footer("Example:\n  ostler pipeline delete old-app --yes");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(client, [&](HubClient& hub) { return remove(hub, slug, is_sure); });
}

int run_pipeline_create(const Arguments& arguments) {
  NewPipelineOptions options;
  CLI::App app("Makes a pipeline on a hub", "pipeline create");
  options.add_to(app);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client, [&](HubClient& hub) { return create(hub, options); });
}

int run_pipeline_update(const Arguments& arguments) {
  PipelineChangeOptions options;
  CLI::App app("Changes a pipeline on a hub", "pipeline update");
  options.add_to(app);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client, [&](HubClient& hub) { return update(hub, options); });
}

}  // namespace ostler::cli
