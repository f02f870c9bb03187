// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "artifact/line_format.hpp"
#include "artifact/search.hpp"
#include "cli/artifact_scope.hpp"
#include "cli/job_command.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kFormatHelp =
    "How to print each: %i id, %p path, %c time of creation, %j id of its job, %s bytes, "
    "%S SHA-1, %T SHA-256, %u address; \\n ends a line";

struct SearchFlags {
  std::string query;
  std::string format = "%j %p %c\\n";
  bool allow_empty = false;
  bool as_json = false;
  artifact::SearchOptions search;
};

/// The names are those of the REST API.
std::string artifacts_json(const std::vector<wire::Artifact>& artifacts) {
  nlohmann::json list = nlohmann::json::array();
  for (const wire::Artifact& artifact : artifacts) {
    list.push_back({{"id", artifact.id},
                    {"job_id", artifact.job_id},
                    {"path", artifact.path},
                    {"file_size", artifact.file_size},
                    {"sha1sum", artifact.sha1sum},
                    {"sha256sum", artifact.sha256sum},
                    {"download_url", artifact.url},
                    {"created_at", nullptr}});
    if (artifact.created_at) list.back()["created_at"] = format_rfc3339(*artifact.created_at);
  }
  return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Result<void> search_and_print(const SearchFlags& flags, agent_client::Transport& transport) {
  OSTLER_TRY(const auto format, artifact::LineFormat::parse(flags.format));
  OSTLER_TRY(const auto found, artifact::search(flags.query, flags.search, transport,
                                                telling_clock("artifact search").tell));
  if (found.empty() && !flags.allow_empty) {
    return Error(Errc::NotFound, "artifact search: no matches found for \"" + flags.query +
                                     "\"; pass --allow-empty-results if that is fine");
  }
  if (flags.as_json) {
    print(artifacts_json(found));
    return success();
  }
  for (const wire::Artifact& artifact : found) print(format.line_of(artifact));
  return success();
}

struct ShasumFlags {
  std::string query;
  bool sha256 = false;
  artifact::SearchOptions search;
};

Result<void> print_sum(const ShasumFlags& flags, agent_client::Transport& transport) {
  OSTLER_TRY(const auto found, artifact::search(flags.query, flags.search, transport,
                                                telling_clock("artifact shasum").tell));
  if (found.empty()) {
    return Error(Errc::NotFound, "artifact shasum: no artifact matches \"" + flags.query + "\"");
  }
  if (found.size() > 1) {
    return Error(Errc::UserFault, "artifact shasum: " + std::to_string(found.size()) +
                                      " artifacts match \"" + flags.query +
                                      "\"; name one path, or pass --step");
  }
  const std::string& sum = flags.sha256 ? found[0].sha256sum : found[0].sha1sum;
  if (sum.empty()) {
    return Error(Errc::NotFound,
                 "artifact shasum: " + found[0].path + " was uploaded without this sum");
  }
  print(sum + "\n");
  return success();
}

}  // namespace

int artifact_search(const Arguments& arguments, agent_client::Transport& transport) {
  CLI::App app("Prints which artifacts of a build match a glob", "artifact search");
  SearchFlags flags;
  flags.search.include_duplicates = true;
  take_common_flags(app);
  take_artifact_scope(app, flags.search);
  app.add_option("query", flags.query, "Glob over artifact paths")->required();
  auto* const format = app.add_option("--format", flags.format, kFormatHelp)->capture_default_str();
  app.add_flag("--json", flags.as_json, "As a JSON array")->excludes(format);
  app.add_flag("--allow-empty-results", flags.allow_empty, "Succeed also when nothing matches");
  app.footer(
      "Examples:\n"
      "  ostler artifact search 'dist/*'\n"
      "  ostler artifact search 'dist/*' --format '%p %s\\n'     paths and sizes\n"
      "  ostler artifact search 'dist/*' --json | jq -r '.[].path'\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return end_in_job(search_and_print(flags, transport));
}

int artifact_shasum(const Arguments& arguments, agent_client::Transport& transport) {
  CLI::App app("Prints the checksum of the one artifact that matches a glob", "artifact shasum");
  ShasumFlags flags;
  take_common_flags(app);
  take_artifact_scope(app, flags.search);
  app.add_option("query", flags.query, "Glob over artifact paths")->required();
  app.add_flag("--sha256", flags.sha256, "The SHA-256 instead of the SHA-1");
  app.footer("Example:\n  ostler artifact shasum dist/app.tar.gz --sha256");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return end_in_job(print_sum(flags, transport));
}

}  // namespace ostler::cli
