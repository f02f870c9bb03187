// SPDX-License-Identifier: Apache-2.0
// `ostler agent list --hub` and `agent show`: the agents of a hub.
#include "cli/agent_fleet.hpp"

#include <CLI/CLI.hpp>

#include "base/uuid.hpp"
#include "cli/build_finder.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"
#include "console/agent_page.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kShowAgentExamples =
    "Examples:\n"
    "  ostler agent show box-7\n"
    "  ostler agent show box-7 --json | jq .meta_data\n";

Error no_agent(const std::string& name) {
  return Error(
      Errc::UserFault,
      "no agent " + name + " is connected; \"ostler agent list --hub\" shows those that are");
}

/// The answer about an agent by its id, in any state, or by the name of a connected one.
Result<std::string> find_agent(HubClient& hub, const std::string& name) {
  if (AgentId::parse(name)) {
    auto text = hub.ask("GET", "/agents/" + name);
    if (!text && is_missing(text.error())) return no_agent(name);
    return text;
  }
  OSTLER_TRY(const auto list, hub.all_pages("/agents?name=" + wire::percent_encode(name)));
  OSTLER_TRY(const auto agents, wire::decode_rest_agents(list));
  if (agents.empty()) return no_agent(name);
  return hub.ask("GET", "/agents/" + agents.front().id);
}

Result<int> show(HubClient& hub, const std::string& name, bool as_json) {
  OSTLER_TRY(const auto text, find_agent(hub, name));
  auto terminal = console::Terminal::of_standard_output();
  if (as_json) {
    terminal.print_line(text);
    return kExitOk;
  }
  OSTLER_TRY(const auto agent, wire::decode_rest_agent(text));
  console::print_agent(agent, terminal);
  return kExitOk;
}

}  // namespace

Result<int> list_agents_of_hub(HubClient& hub, const AgentQuery& query) {
  OSTLER_TRY(const auto text, hub.all_pages("/agents?name=" + wire::percent_encode(query.name) +
                                            "&hostname=" + wire::percent_encode(query.hostname)));
  auto terminal = console::Terminal::of_standard_output();
  if (query.as_json) {
    terminal.print_line(text);
    return kExitOk;
  }
  OSTLER_TRY(const auto agents, wire::decode_rest_agents(text));
  if (agents.empty()) terminal.print_none("no such agents");
  console::print_agents(agents, terminal);
  return kExitOk;
}

int run_agent_show(const Arguments& arguments) {
  ClientFlags client;
  std::string name;
  bool as_json = false;
  CLI::App app("Shows an agent of the hub", "agent show");
  app.add_option("AGENT", name, "Its name, or its id")->required();
  app.add_flag("--json", as_json, "Print the REST API's answer as it is");
  take_client_flags(app, client);
  app.footer(kShowAgentExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(client, [&](HubClient& hub) { return show(hub, name, as_json); });
}

}  // namespace ostler::cli
