// SPDX-License-Identifier: Apache-2.0
#include "cli/api_token.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>

#include "base/clock.hpp"
#include "base/joined.hpp"
#include "cli/exit.hpp"
#include "cli/local_hub.hpp"
#include "cli/person_directories.hpp"
#include "config/values.hpp"
#include "console/duration_text.hpp"
#include "console/plain_text.hpp"
#include "console/standard_output.hpp"
#include "console/table.hpp"
#include "hub/rest_api/routes.hpp"
#include "wire/local_api.hpp"

namespace ostler::cli {
namespace {

struct ApiTokenOptions {
  std::filesystem::path data_path = state_home() / "hub";
  std::string name;  ///< description, or which one
  std::vector<std::string> scopes;
  std::string life;
  bool as_json = false;

  void add_to(CLI::App& app) {
    app.add_flag("--api")->required()->description("API tokens, not tokens of agents");
    app.add_option("--data-path", data_path,
                   "Directory of this machine's hub, or the one with its data that "
                   "\"ostler up\" prints")
        ->capture_default_str();
  }
};

Result<wire::NewApiToken> request_of(const ApiTokenOptions& options) {
  if (options.scopes.empty()) {
    return Error(Errc::UserFault,
                 "token create: say what the token may do: --scopes read_builds,write_builds, or "
                 "--scopes all");
  }
  wire::NewApiToken request{.description = options.name};
  if (options.scopes != std::vector<std::string>{"all"}) request.scopes = options.scopes;
  if (options.life.empty()) return request;
  const auto life = config::parse_duration(options.life);
  if (!life) return Error(Errc::UserFault, "--ttl: " + life.error().message());
  request.expires_at = SystemClock().now() + life.value();
  return request;
}

Result<void> create(const ApiTokenOptions& options) {
  OSTLER_TRY(const auto request, request_of(options));
  OSTLER_TRY(const auto json,
             ask_local_hub(options.data_path, "POST", wire::kApiTokensPath, wire::encode(request)));
  OSTLER_TRY(const auto access, wire::decode_hub_access(json));
  // Nobody can be told it again: it is lost where this is not written.
  auto written = console::write_line(options.as_json ? json : access.token.reveal());
  if (written) return written;
  return std::move(written).error().with_context("standard output: the token is lost, revoke it");
}

Result<std::string> tokens_text(const ApiTokenOptions& options) {
  return ask_local_hub(options.data_path, "GET", wire::kApiTokensPath);
}

std::string scope_words(std::vector<std::string> scopes) {
  std::ranges::sort(scopes);
  auto all = rest_api::grantable_scopes();
  std::ranges::sort(all);
  return scopes == all ? "all" : joined(scopes, " ");
}

std::vector<console::Cell> row_of(const wire::ApiTokenLine& token, Timestamp now) {
  return {{console::plain_line(token.description), console::Style::Bold},
          {token.expires_at ? console::due_text(*token.expires_at - now) : "never"},
          {token.id, console::Style::Plain, console::kWholeText},
          {scope_words(token.scopes)},
          {console::age_text(now - token.created_at)}};
}

Result<void> show_all(const ApiTokenOptions& options) {
  OSTLER_TRY(const auto text, tokens_text(options));
  auto terminal = console::Terminal::of_standard_output();
  if (options.as_json) {
    terminal.print_line(text);
    return success();
  }
  OSTLER_TRY(const auto tokens, wire::decode_api_tokens(text));
  const auto faint = console::Style::Faint;
  std::vector<std::vector<console::Cell>> rows = {{{"DESCRIPTION", faint},
                                                   {"EXPIRES", faint},
                                                   {"ID", faint},
                                                   {"SCOPES", faint},
                                                   {"MADE", faint}}};
  const Timestamp now = SystemClock().now();
  for (const wire::ApiTokenLine& token : tokens) rows.push_back(row_of(token, now));
  for (const auto& line : console::table_lines(rows, terminal)) terminal.print_line(line);
  return success();
}

/// The token of that id, or the only one of that description.
Result<wire::ApiTokenLine> find(const std::vector<wire::ApiTokenLine>& tokens,
                                const std::string& name) {
  const auto by_id = std::ranges::find(tokens, name, &wire::ApiTokenLine::id);
  if (by_id != tokens.end()) return *by_id;
  const auto count = std::ranges::count(tokens, name, &wire::ApiTokenLine::description);
  if (count == 1) return *std::ranges::find(tokens, name, &wire::ApiTokenLine::description);
  const std::string fault =
      count == 0 ? "there is no API token " + name : "several API tokens are called " + name;
  return Error(Errc::UserFault,
               fault + "; give an id that \"ostler token list --api --json\" shows");
}

Result<void> revoke(const ApiTokenOptions& options) {
  OSTLER_TRY(const auto text, tokens_text(options));
  OSTLER_TRY(const auto tokens, wire::decode_api_tokens(text));
  OSTLER_TRY(const auto token, find(tokens, options.name));
  OSTLER_TRY(ask_local_hub(options.data_path, "DELETE",
                           std::string(wire::kApiTokensPath) + "/" + token.id));
  console::Terminal::of_standard_output().print_line("revoked API token " +
                                                     console::plain_line(token.description));
  return success();
}

int end(const Result<void>& done) { return done ? kExitOk : fail(done.error()); }

}  // namespace

bool is_about_api_tokens(const Arguments& arguments) {
  return std::ranges::find(arguments, "--api") != arguments.end();
}

int create_api_token(const Arguments& arguments) {
  ApiTokenOptions options;
  CLI::App app(
      "Makes a token for the REST API of this machine's hub, and prints it. It cannot be shown "
      "again",
      "token create --api");
  options.add_to(app);
  app.add_option("DESCRIPTION", options.name, "What it is for")->required();
  app.add_option("--scopes", options.scopes,
                 "What it may do, such as read_builds,write_builds; or all")
      ->delimiter(',');
  app.add_option("--ttl", options.life, "How long it lasts, such as 720h; default: for ever");
  app.add_flag("--json", options.as_json, "Print it with the hub's address");
  app.footer("Example:\n  ostler token create --api dashboard --scopes read_builds --ttl 720h");
  if (const auto ended = read_options(app, arguments)) return *ended;
  std::signal(SIGPIPE, SIG_IGN);  // who could not be told the token is told to revoke it
  return end(create(options));
}

int list_api_tokens(const Arguments& arguments) {
  ApiTokenOptions options;
  CLI::App app("Shows the tokens for the REST API of this machine's hub, but not their texts",
               "token list --api");
  options.add_to(app);
  app.add_flag("--json", options.as_json, "Print them as the hub says them");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return end(show_all(options));
}

int revoke_api_token(const Arguments& arguments) {
  ApiTokenOptions options;
  CLI::App app("Makes a token for the REST API worthless", "token revoke --api");
  options.add_to(app);
  app.add_option("TOKEN", options.name, "Its id or its description")->required();
  app.footer("Example:\n  ostler token revoke --api dashboard");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return end(revoke(options));
}

}  // namespace ostler::cli
