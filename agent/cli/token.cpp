// SPDX-License-Identifier: Apache-2.0
// `ostler token create|list|revoke`: the tokens with which agents join a cluster.
#include <CLI/CLI.hpp>

#include "base/clock.hpp"
#include "base/joined.hpp"
#include "cli/api_token.hpp"
#include "cli/exit.hpp"
#include "cli/fleet_client.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"
#include "config/values.hpp"
#include "console/duration_text.hpp"
#include "console/plain_text.hpp"
#include "console/standard_output.hpp"
#include "console/table.hpp"
#include "wire/rest_cluster_answers.hpp"

namespace ostler::cli {
namespace {

struct TokenOptions {
  FleetFlags fleet;
  std::string name;  ///< description, or which one
  std::vector<std::string> networks;
  std::string life;
  bool as_json = false;
};

Result<wire::RestAgentTokenRequest> request_of(const TokenOptions& options) {
  wire::RestAgentTokenRequest request;
  request.description = options.name;
  if (!options.networks.empty()) request.allowed_ip_addresses = joined(options.networks, " ");
  if (options.life.empty()) return request;
  const auto life = config::parse_duration(options.life);
  if (!life) return Error(Errc::UserFault, "--ttl: " + life.error().message());
  request.expires_at = SystemClock().now() + life.value();
  return request;
}

Result<void> create(FleetClient& fleet, const TokenOptions& options,
                    const wire::RestAgentTokenRequest& request) {
  OSTLER_TRY(const auto json, fleet.create_agent_token(request));
  OSTLER_TRY(const auto text, wire::decode_rest_agent_token_text(json));
  // Nobody can be told it again: it is lost where this is not written.
  auto written = console::write_line(options.as_json ? json : text.reveal());
  if (written) return written;
  return std::move(written).error().with_context("standard output: the token is lost, revoke it");
}

std::vector<console::Cell> row_of(const model::AgentToken& token, Timestamp now) {
  return {{console::plain_line(token.description), console::Style::Bold},
          {token.expires_at ? console::due_text(*token.expires_at - now) : "never"},
          {token.id.str(), console::Style::Plain, console::kWholeText},
          {token.allowed_ip_addresses},
          {console::age_text(now - token.created_at)}};
}

Result<void> show_all(FleetClient& fleet, const TokenOptions& options) {
  OSTLER_TRY(const std::string text, fleet.agent_tokens_text());
  if (options.as_json) {
    console::Terminal::of_standard_output().print_line(text);
    return success();
  }
  OSTLER_TRY(const auto tokens, wire::decode_rest_agent_tokens(text));
  const auto faint = console::Style::Faint;
  std::vector<std::vector<console::Cell>> rows = {{{"DESCRIPTION", faint},
                                                   {"EXPIRES", faint},
                                                   {"ID", faint},
                                                   {"FROM", faint},
                                                   {"MADE", faint}}};
  const Timestamp now = SystemClock().now();
  for (const model::AgentToken& token : tokens) rows.push_back(row_of(token, now));
  for (const auto& line : console::table_lines(rows, console::Terminal::of_standard_output())) {
    console::Terminal::of_standard_output().print_line(line);
  }
  return success();
}

/// The token of that id, or the only one of that description.
Result<model::AgentToken> find(const std::vector<model::AgentToken>& tokens,
                               const std::string& name) {
  std::optional<model::AgentToken> found;
  for (const model::AgentToken& token : tokens) {
    if (token.id.str() == name) return token;
    if (token.description != name) continue;
    if (found) {
      return Error(Errc::UserFault, "several tokens are called " + name +
                                        "; give the id that \"ostler token list --json\" shows");
    }
    found = token;
  }
  if (found) return std::move(*found);
  return Error(Errc::UserFault, "there is no token " + name + "; \"ostler token list\" shows them");
}

Result<void> revoke(FleetClient& fleet, const TokenOptions& options) {
  OSTLER_TRY(const std::string text, fleet.agent_tokens_text());
  OSTLER_TRY(const auto tokens, wire::decode_rest_agent_tokens(text));
  OSTLER_TRY(const auto token, find(tokens, options.name));
  OSTLER_TRY(fleet.delete_agent_token(token.id));
  console::Terminal::of_standard_output().print_line(
      "revoked token " + console::plain_line(token.description) +
      "; agents that registered with it stay, and no other one can");
  return success();
}

/// For those who read the help; a command line that has it is another command's.
void mention_api_tokens(CLI::App& app) {
  app.add_flag("--api")->description(
      "Tokens for the REST API instead; --api --help shows its own options");
}

}  // namespace

int run_token_create(const Arguments& arguments) {
  if (is_about_api_tokens(arguments)) return create_api_token(arguments);
  TokenOptions options;
  CLI::App app(
      "Makes a token with which agents join a cluster, and prints it. It cannot be shown again",
      "token create");
  app.add_option("DESCRIPTION", options.name, "What it is for")->required();
  app.add_option("--allow", options.networks,
                 "Network from which agents may use it, such as 192.0.2.0/24; may be repeated; "
                 "default: from everywhere")
      ->allow_extra_args(false);
  app.add_option("--ttl", options.life,
                 "How long it lets agents in, such as 720h (10 minutes at least); default: until "
                 "it is revoked");
  app.add_flag("--json", options.as_json, "Print all of it as the REST API says it");
  mention_api_tokens(app);
  take_fleet_flags(app, options.fleet);
  app.footer(
      "Example:\n  (umask 077; ostler token create \"box 7\" --ttl 720h > box-7.token)\n"
      "and on that machine:\n"
      "  ostler agent start --endpoint https://HUB:7450/v3 --build-path ~/builds --token "
      "file://$PWD/box-7.token");
  if (const auto end = read_options(app, arguments)) return *end;
  const auto request = request_of(options);
  if (!request) return fail(request.error());
  return run_at_cluster(
      options.fleet, [&](FleetClient& fleet) { return create(fleet, options, request.value()); });
}

int run_token_list(const Arguments& arguments) {
  if (is_about_api_tokens(arguments)) return list_api_tokens(arguments);
  TokenOptions options;
  CLI::App app("Shows the tokens with which agents join a cluster, but not their texts",
               "token list");
  app.add_flag("--json", options.as_json, "Print them as the REST API says them");
  mention_api_tokens(app);
  take_fleet_flags(app, options.fleet);
  app.footer("Example:\n  ostler token list --json");
  if (const auto end = read_options(app, arguments)) return *end;
  return run_at_cluster(options.fleet,
                        [&](FleetClient& fleet) { return show_all(fleet, options); });
}

int run_token_revoke(const Arguments& arguments) {
  if (is_about_api_tokens(arguments)) return revoke_api_token(arguments);
  TokenOptions options;
  CLI::App app("Makes a token worthless. Agents that registered with it stay", "token revoke");
  app.add_option("TOKEN", options.name, "Its id or its description")->required();
  mention_api_tokens(app);
  take_fleet_flags(app, options.fleet);
  app.footer("Example:\n  ostler token revoke \"box 7\"");
  if (const auto end = read_options(app, arguments)) return *end;
  return run_at_cluster(options.fleet, [&](FleetClient& fleet) { return revoke(fleet, options); });
}

}  // namespace ostler::cli
