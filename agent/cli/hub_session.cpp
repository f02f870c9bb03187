// SPDX-License-Identifier: Apache-2.0
#include "cli/hub_session.hpp"

#include <CLI/CLI.hpp>
#include <csignal>

#include "cli/build_reference.hpp"
#include "cli/exit.hpp"

namespace ostler::cli {

void BuildCommandOptions::add_to(CLI::App& app) {
  app.add_option("BUILD", reference, kBuildReferenceHelp);
  take_client_flags(app, client);
}

void BuildCommandOptions::add_json_to(CLI::App& app, const char* help) {
  app.add_flag("--json", as_json, help);
}

int run_at_hub(const ClientFlags& flags, const std::function<Result<int>(HubClient&)>& command) {
  std::signal(SIGPIPE, SIG_IGN);  // "| head" shall end quietly, with the status of what was done
  const auto access = find_access_to_organization(flags);
  if (!access) return fail(access.error());
  HubClient hub(access.value().url, access.value().organization, access.value().token);
  const auto status = command(hub);
  return status ? status.value() : fail(status.error());
}

}  // namespace ostler::cli
