// SPDX-License-Identifier: Apache-2.0
// `ostler pipeline archive|unarchive`.
#include <CLI/CLI.hpp>

#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "cli/repository_address.hpp"
#include "cli/run_functions.hpp"
#include "console/terminal.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::cli {
namespace {

struct ArchiveWords {
  const char* command;
  const char* description;
  const char* example;
  std::string_view path;
  std::string_view done;
};
constexpr ArchiveWords kArchive{"pipeline archive",
                                "Puts a pipeline away: it keeps its builds and gets no new ones",
                                "Examples:\n  ostler pipeline archive old-app\n  ostler pipeline "
                                "archive old-app --json | jq .archived_at",
                                "/archive", "archived pipeline "};
constexpr ArchiveWords kUnarchive{"pipeline unarchive", "Takes an archived pipeline back",
                                  "Example:\n  ostler pipeline unarchive old-app", "/unarchive",
                                  "took back pipeline "};

Result<int> set_archived(HubClient& hub, const std::string& slug, const ArchiveWords& words,
                         bool as_json) {
  OSTLER_TRY(const auto pipeline, hub.pipeline(slug));
  OSTLER_TRY(const auto text, hub.ask("POST", "/pipelines/" + wire::percent_encode(pipeline.slug) +
                                                  std::string(words.path)));
  OSTLER_TRY(const auto shown, without_credentials(text));
  console::Terminal::of_standard_output().print_line(
      as_json ? shown : std::string(words.done) + pipeline.slug);
  return kExitOk;
}

int run_archive(const Arguments& arguments, const ArchiveWords& words) {
  ClientFlags client;
  std::string slug;
  bool as_json = false;
  CLI::App app(words.description, words.command);
  app.add_option("SLUG", slug, "Which one")->required();
  app.add_flag("--json", as_json, kPipelineJsonHelp);
  take_client_flags(app, client);
  app.footer(words.example);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(client,
                    [&](HubClient& hub) { return set_archived(hub, slug, words, as_json); });
}

}  // namespace

int run_pipeline_archive(const Arguments& arguments) { return run_archive(arguments, kArchive); }

int run_pipeline_unarchive(const Arguments& arguments) {
  return run_archive(arguments, kUnarchive);
}

}  // namespace ostler::cli
