// SPDX-License-Identifier: Apache-2.0
// `ostler agent list|pause|resume|stop|detach`: the agents of this machine, through the socket that
// each names in its state directory.
#include <CLI/CLI.hpp>

#include "base/clock.hpp"
#include "cli/agent_fleet.hpp"
#include "cli/exit.hpp"
#include "cli/hub_session.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"
#include "config/agent_config.hpp"
#include "console/duration_text.hpp"
#include "console/table.hpp"
#include "console/terminal.hpp"
#include "daemon/state_directory.hpp"
#include "net/http_client.hpp"
#include "wire/agent_api.hpp"
#include "wire/local_agent.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kListAgentExamples =
    "Examples:\n"
    "  ostler agent list\n"
    "  ostler agent list --hub\n"
    "  ostler agent list --hub --json | jq -r '.[].name'\n";

struct AgentOptions {
  std::string state_path;

  void add_to(CLI::App& app) {
    app.add_option("--state-path", state_path,
                   "State directory of the agent; default: where an agent keeps its state when "
                   "nobody says otherwise")
        ->envname("OSTLER_AGENT_STATE_PATH");
  }
};

Result<std::string> ask(const AgentOptions& options, const std::string& method,
                        const std::string& what) {
  std::filesystem::path state = options.state_path;
  if (state.empty()) {
    OSTLER_TRY(state, config::default_state_path());
  }
  OSTLER_TRY(const auto socket, daemon::StateDirectory::control_socket(state));
  net::HttpRequest request{.method = method, .url = "http://localhost/" + what};
  request.unix_socket = socket;
  request.total_timeout = std::chrono::seconds(10);
  const auto answer = net::BlockingHttpClient().send(request);
  if (!answer) {
    return Error(Errc::NotFound,
                 "no agent runs on " + state.string() + ": " + answer.error().message());
  }
  if (answer.value().ok()) return answer.value().body;
  return Error(Errc::Unavailable,
               "agent " + what + ": " + wire::decode_message(answer.value().body));
}

Result<std::string> ask_for_agent(const AgentOptions& options) {
  OSTLER_TRY(const auto text, ask(options, "GET", "status"));
  OSTLER_TRY(const auto agent, wire::decode_local_agent(text));
  return wire::encode(agent);
}

int say_agent(const Result<std::string>& line) {
  if (!line) return fail(line.error());
  console::Terminal::of_standard_output().print_line(line.value());
  return kExitOk;
}

/// `done`: what is said of it.
Result<std::string> tell_agent(const AgentOptions& options, const std::string& word,
                               const char* done) {
  OSTLER_TRY(ask(options, "POST", word));
  return std::string(done);
}

/// The agent as it is then.
Result<std::string> tell_and_look(const AgentOptions& options, const std::string& word) {
  OSTLER_TRY(ask(options, "POST", word));
  return ask_for_agent(options);
}

/// The agent as it was before: then it may be gone.
Result<std::string> look_and_tell(const AgentOptions& options, const std::string& word) {
  OSTLER_TRY(auto agent, ask_for_agent(options));
  OSTLER_TRY(ask(options, "POST", word));
  return agent;
}

constexpr const char* kEndJsonHelp = "The agent as a JSON object, as it was when it was told";

struct Steering {
  std::string word;
  const char* summary;
  const char* done;
};

int steer(const Arguments& arguments, const Steering& steering) {
  CLI::App app(steering.summary, "agent " + steering.word);
  app.footer("Examples:\n  ostler agent " + steering.word + "\n  ostler agent " + steering.word +
             " --json | jq .paused");
  AgentOptions options;
  bool as_json = false;
  options.add_to(app);
  app.add_flag("--json", as_json, "The agent as a JSON object, as it is then");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return say_agent(as_json ? tell_and_look(options, steering.word)
                           : tell_agent(options, steering.word, steering.done));
}

std::vector<std::vector<console::Cell>> rows_of(const wire::LocalAgent& agent) {
  std::vector<std::vector<console::Cell>> rows = {
      {{"SLOT"}, {"NAME"}, {"STATE"}, {"JOB"}, {"SINCE"}}};
  const Timestamp now = SystemClock().now();
  for (const auto& slot : agent.slots) {
    rows.push_back({{std::to_string(slot.number)},
                    {slot.name},
                    {std::string(to_string(slot.state))},
                    {slot.job},
                    {slot.since ? console::age_text(now - *slot.since) : ""}});
  }
  return rows;
}

void show(const wire::LocalAgent& agent) {
  auto terminal = console::Terminal::of_standard_output();
  terminal.print_line("process " + std::to_string(agent.pid) +
                      (agent.is_paused ? ", paused on this machine" : ""));
  for (const auto& line : console::table_lines(rows_of(agent), terminal)) terminal.print_line(line);
}

}  // namespace

int run_agent_list(const Arguments& arguments) {
  CLI::App app("Shows what an agent on this machine does", "agent list");
  AgentOptions options;
  AgentQuery query;
  ClientFlags client;
  bool of_hub = false;
  options.add_to(app);
  auto* hub = app.add_flag("--hub", of_hub, "All agents that are connected to the hub instead");
  app.add_option("--name", query.name, "Of the hub: only those with this name")->needs(hub);
  app.add_option("--hostname", query.hostname, "Of the hub: only those of this host")->needs(hub);
  app.add_flag("--json", query.as_json,
               "As a JSON array of agents; of the hub as the REST API says it");
  take_client_flags(app, client);
  app.footer(kListAgentExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (of_hub) {
    return run_at_hub(client, [&](HubClient& at) { return list_agents_of_hub(at, query); });
  }
  const auto text = ask(options, "GET", "status");
  if (!text) return fail(text.error());
  const auto agent = wire::decode_local_agent(text.value());
  if (!agent) return fail(agent.error());
  if (query.as_json) {
    console::Terminal::of_standard_output().print_line(wire::encode(std::vector{agent.value()}));
  } else {
    show(agent.value());
  }
  return kExitOk;
}

int run_agent_pause(const Arguments& arguments) {
  return steer(
      arguments,
      {"pause", "Takes no more jobs until `ostler agent resume`",
       "paused, also after a restart; running jobs go on; \"ostler agent resume\" ends it"});
}

int run_agent_resume(const Arguments& arguments) {
  return steer(arguments, {"resume", "Takes jobs again after `ostler agent pause`", "resumed"});
}

int run_agent_stop(const Arguments& arguments) {
  CLI::App app("Ends an agent once its jobs are over", "agent stop");
  AgentOptions options;
  bool force = false;
  bool as_json = false;
  options.add_to(app);
  app.add_flag("--force", force, "Cancel its jobs, too");
  app.add_flag("--json", as_json, kEndJsonHelp);
  app.footer(
      "Examples:\n"
      "  ostler agent stop\n"
      "  ostler agent stop --force     cancels its jobs\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  const std::string word = force ? "stop-now" : "stop";
  return say_agent(as_json ? look_and_tell(options, word)
                           : tell_agent(options, word,
                                        force ? "stopping, its jobs are cancelled"
                                              : "stopping when its jobs are over"));
}

int run_agent_detach(const Arguments& arguments) {
  CLI::App app("Ends an agent at once and leaves its jobs running", "agent detach");
  app.footer("Example:\n  ostler agent detach");
  AgentOptions options;
  bool as_json = false;
  options.add_to(app);
  app.add_flag("--json", as_json, kEndJsonHelp);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return say_agent(
      as_json ? look_and_tell(options, "detach")
              : tell_agent(options, "detach",
                           "detached; its jobs go on, the next agent on the same state path adopts "
                           "them"));
}

}  // namespace ostler::cli
