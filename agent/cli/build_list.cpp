// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "base/clock.hpp"
#include "cli/build_commands.hpp"
#include "cli/build_finder.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "cli/repository_address.hpp"
#include "console/build_page.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kListExamples =
    "Examples:\n"
    "  ostler build list\n"
    "  ostler build list --pipeline app --branch main --state failed\n"
    "  ostler build list --state running --json | jq '.[].web_url'\n";

Result<int> list_builds(HubClient& hub, const BuildQuery& query, bool as_json) {
  const auto text = hub.builds_text(query);
  if (!text && !query.pipeline.empty() && is_missing(text.error())) {
    return BuildFinder(hub, ".").no_pipeline(query.pipeline);
  }
  if (!text) return text.error();
  auto terminal = console::Terminal::of_standard_output();
  if (as_json) {
    OSTLER_TRY(const auto shown, without_credentials(text.value()));
    terminal.print_line(shown);
    return kExitOk;
  }
  OSTLER_TRY(const auto builds, wire::decode_rest_builds(text.value()));
  if (builds.empty()) terminal.print_none("no such builds");
  console::print_builds(builds, SystemClock().now(), terminal);
  return kExitOk;
}

}  // namespace

int run_build_list(const Arguments& arguments) {
  ClientFlags client;
  BuildQuery query;
  bool as_json = false;
  CLI::App app("Lists builds, the newest first: name, state, branch, message, commit, time, age",
               "build list");
  app.add_option("--pipeline", query.pipeline, "Only of this pipeline (its slug)");
  app.add_option("--branch", query.branches, "Only of this branch; may be given several times");
  app.add_option("--state", query.states,
                 "Only in this state: scheduled, running, passed, failing, failed, canceling, "
                 "canceled, not_run, blocked, finished; may be given several times");
  app.add_option("--limit", query.limit, "At most so many")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_flag("--json", as_json, kPipelineJsonHelp);
  take_client_flags(app, client);
  app.footer(kListExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(client, [&](HubClient& hub) { return list_builds(hub, query, as_json); });
}

}  // namespace ostler::cli
