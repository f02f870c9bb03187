// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/client_access.hpp"
#include "cli/client_identity.hpp"
#include "cli/exit.hpp"
#include "cli/hidden_input.hpp"
#include "cli/hub_client.hpp"
#include "cli/local_hub.hpp"
#include "cli/options.hpp"
#include "cli/person_directories.hpp"
#include "cli/run_functions.hpp"
#include "console/terminal.hpp"

namespace ostler::cli {
namespace {

struct LoginOptions {
  std::string url;
  std::filesystem::path data_path = state_home() / "hub";
  bool as_json = false;
};

/// A new token from the hub whose directory this is.
Result<wire::HubAccess> ask_own_hub(const std::filesystem::path& data_path) {
  OSTLER_TRY(const auto json, ask_local_hub(data_path, "POST", wire::kApiTokensPath,
                                            wire::encode(wire::NewApiToken{"ostler login"})));
  return wire::decode_hub_access(json);
}

/// The hub at an address, with a token that the person gives.
Result<wire::HubAccess> ask_person(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  OSTLER_TRY(require_url("login", url));
  OSTLER_TRY(auto token, read_hidden_line("login", "API token"));
  HubClient hub(url, "", token);
  OSTLER_TRY(auto organizations, hub.organizations());
  if (organizations.empty()) {
    return Error(Errc::UserFault, "login: this token sees no organization at " + url);
  }
  return wire::HubAccess{std::move(url), std::move(organizations.front()), std::move(token)};
}

Result<void> log_in(const LoginOptions& options) {
  OSTLER_TRY(const auto access,
             options.url.empty() ? ask_own_hub(options.data_path) : ask_person(options.url));
  OSTLER_TRY(const auto who, HubClient(access.url, access.organization, access.token).token());
  OSTLER_TRY(write_client_file(access));
  console::Terminal::of_standard_output().print_line(
      options.as_json
          ? identity_json(access, who)
          : "Logged in to " + access.url + " (" + access.organization + ") as " + who.user_name);
  return success();
}

}  // namespace

int run_login(const Arguments& arguments) {
  LoginOptions options;
  CLI::App app(
      "Makes commands speak to a hub. Without a URL: to the one of this machine, with a new token. "
      "With one: the API token is read from standard input",
      "login");
  app.add_option("URL", options.url, "Address of the hub");
  app.add_option("--data-path", options.data_path,
                 "Directory of this machine's hub, or the one with its data that "
                 "\"ostler up\" prints")
      ->capture_default_str();
  app.add_flag("--json", options.as_json, "Print what \"ostler whoami --json\" does");
  app.footer(
      "Examples:\n"
      "  ostler login\n"
      "  ostler login --json | jq -r .token.description\n"
      "  ostler login https://ci.example.com     asks for the token\n"
      "  ostler login https://ci.example.com < api-token\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto done = log_in(options);
  return done ? kExitOk : fail(done.error());
}

}  // namespace ostler::cli
