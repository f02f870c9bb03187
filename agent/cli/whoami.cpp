// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "base/joined.hpp"
#include "cli/client_access.hpp"
#include "cli/client_identity.hpp"
#include "cli/exit.hpp"
#include "cli/hub_client.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"
#include "console/table.hpp"

namespace ostler::cli {
namespace {

void print_table(const wire::HubAccess& access, const wire::RestTokenAnswer& who) {
  auto terminal = console::Terminal::of_standard_output();
  const auto faint = console::Style::Faint;
  const std::vector<std::vector<console::Cell>> rows = {
      {{"hub", faint}, {access.url}},
      {{"organization", faint}, {access.organization}},
      {{"user", faint}, {who.user_name + " <" + who.user_email + ">"}},
      {{"token", faint}, {who.description}},
      {{"scopes", faint}, {joined(who.scopes, " ")}}};
  for (const auto& line : console::table_lines(rows, terminal)) terminal.print_line(line);
}

}  // namespace

int run_whoami(const Arguments& arguments) {
  ClientFlags flags;
  bool as_json = false;
  CLI::App app("Says which hub commands speak to, and as whom", "whoami");
  take_client_flags(app, flags);
  app.add_flag("--json", as_json, "Print JSON");
  app.footer(
      "Examples:\n"
      "  ostler whoami\n"
      "  ostler whoami --json | jq -r .url\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto access = find_client_access(flags);
  if (!access) return fail(access.error());
  HubClient hub(access.value().url, access.value().organization, access.value().token);
  const auto who = hub.token();
  if (!who) return fail(who.error());
  if (as_json) {
    console::Terminal::of_standard_output().print_line(identity_json(access.value(), who.value()));
  } else {
    print_table(access.value(), who.value());
  }
  return kExitOk;
}

}  // namespace ostler::cli
