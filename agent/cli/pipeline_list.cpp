// SPDX-License-Identifier: Apache-2.0
// `ostler pipeline list|show`.
#include <CLI/CLI.hpp>

#include "cli/build_finder.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "cli/repository_address.hpp"
#include "cli/run_functions.hpp"
#include "console/pipeline_page.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kPipelineListExamples =
    "Examples:\n"
    "  ostler pipeline list\n"
    "  ostler pipeline list --repository team/app --json | jq -r '.[].slug'\n";
constexpr const char* kPipelineShowExamples =
    "Examples:\n"
    "  ostler pipeline show\n"
    "  ostler pipeline show app --json | jq -r .configuration\n";

struct PipelineListOptions {
  ClientFlags client;
  std::string name;
  std::string repository;
  bool is_archived = false;
  bool as_json = false;
};

Result<int> list_pipelines(HubClient& hub, const PipelineListOptions& options) {
  OSTLER_TRY(const auto text,
             hub.all_pages("/pipelines?name=" + wire::percent_encode(options.name) +
                           "&repository=" + wire::percent_encode(options.repository) +
                           "&archived=" + (options.is_archived ? "true" : "false")));
  auto terminal = console::Terminal::of_standard_output();
  if (options.as_json) {
    OSTLER_TRY(const auto shown, without_credentials(text));
    terminal.print_line(shown);
    return kExitOk;
  }
  OSTLER_TRY(auto pipelines, wire::decode_rest_pipelines(text));
  if (pipelines.empty()) terminal.print_none("no such pipelines");
  for (auto& pipeline : pipelines) pipeline = without_credentials(std::move(pipeline));
  console::print_pipelines(pipelines, terminal);
  return kExitOk;
}

Result<int> show_pipeline(HubClient& hub, std::string slug, bool as_json) {
  BuildFinder finder(hub, ".");
  if (slug.empty()) {
    OSTLER_TRY(slug, finder.pipeline_here());
  }
  const auto text = hub.ask("GET", "/pipelines/" + wire::percent_encode(slug));
  if (!text && is_missing(text.error())) return finder.no_pipeline(slug);
  if (!text) return text.error();
  auto terminal = console::Terminal::of_standard_output();
  if (as_json) {
    OSTLER_TRY(const auto shown, without_credentials(text.value()));
    terminal.print_line(shown);
    return kExitOk;
  }
  OSTLER_TRY(auto pipeline, wire::decode_rest_pipeline(text.value()));
  console::print_pipeline(without_credentials(std::move(pipeline)), terminal);
  return kExitOk;
}

}  // namespace

int run_pipeline_list(const Arguments& arguments) {
  PipelineListOptions options;
  CLI::App app("Lists pipelines, the newest first", "pipeline list");
  app.add_option("--name", options.name, "Only those with this in their name");
  app.add_option("--repository", options.repository,
                 "Only those with this in the address of their repository");
  app.add_flag("--archived", options.is_archived,
               "Those that are archived, in place of the others");
  app.add_flag("--json", options.as_json, kPipelineJsonHelp);
  take_client_flags(app, options.client);
  app.footer(kPipelineListExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client, [&](HubClient& hub) { return list_pipelines(hub, options); });
}

int run_pipeline_show(const Arguments& arguments) {
  ClientFlags client;
  std::string slug;
  bool as_json = false;
  CLI::App app("Shows a pipeline and its configuration", "pipeline show");
  app.add_option("SLUG", slug, "Which one; without it the one that builds this repository");
  app.add_flag("--json", as_json, kPipelineJsonHelp);
  take_client_flags(app, client);
  app.footer(kPipelineShowExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(client, [&](HubClient& hub) { return show_pipeline(hub, slug, as_json); });
}

}  // namespace ostler::cli
