// SPDX-License-Identifier: Apache-2.0
#include "console/agent_page.hpp"

#include <string>

#include "console/fields.hpp"
#include "console/plain_text.hpp"
#include "console/table.hpp"

namespace ostler::console {
namespace {

using wire::RestAgentAnswer;

std::string joined(const std::vector<std::string>& tags) {
  std::string text;
  for (const std::string& tag : tags) text += (text.empty() ? "" : " ") + plain_line(tag);
  return text;
}

std::string build_of(const RestAgentAnswer& agent) {
  if (agent.job.empty()) return {};
  return plain_line(agent.job_pipeline) + "/" + std::to_string(agent.job_build);
}

Cell state_of(const RestAgentAnswer& agent) {
  if (agent.state != "connected") return {plain_line(agent.state), Style::Warning};
  if (agent.is_paused) return {"paused", Style::Warning};
  if (!agent.job.empty()) return {"busy", Style::Good};
  return {"idle"};
}

std::string note_of(const RestAgentAnswer& agent) {
  if (!agent.is_paused) return {};
  return agent.pause_note.empty() ? "yes" : "yes: " + plain_line(agent.pause_note);
}

std::string time_text(const std::optional<Timestamp>& at) {
  return at ? format_rfc3339(*at, 0) : std::string();
}

/// The name in what agents tell of their system: all of os-release, or a word.
std::string system_of(const RestAgentAnswer& agent) {
  constexpr std::string_view kName = "PRETTY_NAME=\"";
  std::string_view os = agent.os;
  if (const std::size_t at = os.find(kName); at != os.npos) {
    os.remove_prefix(at + kName.size());
    os = os.substr(0, os.find_first_of("\"\n"));
  }
  return std::string(os) + (agent.arch.empty() ? "" : " " + agent.arch);
}

}  // namespace

void print_agents(const std::vector<RestAgentAnswer>& agents, Terminal& terminal) {
  const Style faint = Style::Faint;
  std::vector<std::vector<Cell>> rows = {{{"AGENT", faint},
                                          {"STATE", faint},
                                          {"QUEUE", faint},
                                          {"BUILD", faint},
                                          {"HOST", faint},
                                          {"VERSION", faint},
                                          {"TAGS", faint}}};
  for (const RestAgentAnswer& agent : agents) {
    rows.push_back({{plain_line(agent.name), Style::Bold},
                    state_of(agent),
                    {plain_line(agent.queue)},
                    {build_of(agent)},
                    {plain_line(agent.hostname)},
                    {plain_line(agent.version)},
                    {joined(agent.tags)}});
  }
  for (const auto& line : table_lines(rows, terminal, 1)) terminal.print_line(line);
}

void print_agent(const RestAgentAnswer& agent, Terminal& terminal) {
  terminal.print_line(terminal.styled(plain_line(agent.name), Style::Bold) + "  " +
                      state_of(agent).text);
  print_field("id", agent.id, terminal);
  print_field("paused", note_of(agent), terminal);
  print_field("queue", agent.queue, terminal);
  print_field("tags", joined(agent.tags), terminal);
  print_field("build", build_of(agent), terminal);
  print_field("job", agent.job, terminal);
  print_field("host", agent.hostname, terminal);
  print_field("address", agent.ip_address, terminal);
  print_field("system", system_of(agent), terminal);
  print_field("version", agent.version, terminal);
  print_field("connected", time_text(agent.connected_at), terminal);
  print_field("last job", time_text(agent.last_job_finished_at), terminal);
}

}  // namespace ostler::console
