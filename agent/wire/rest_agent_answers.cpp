// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_agent_answers.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_list.hpp"
#include "wire/json_reader.hpp"
#include "wire/rest_answers.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

Result<void> read_job_of(const json& object, RestAgentAnswer& agent) {
  const auto job = object.find("job");
  if (job == object.end() || !job->is_object()) return success();
  OSTLER_TRY(auto answer, decode_rest_job(to_text(*job)));
  agent.job = std::move(answer.id);
  agent.job_pipeline = std::move(answer.pipeline);
  agent.job_build = answer.build_number;
  return success();
}

Result<RestAgentAnswer> read_agent(const json& object) {
  RestAgentAnswer agent;
  ObjectReader reader(object, "agent");
  reader.read("id", agent.id);
  reader.read("name", agent.name);
  reader.read("connection_state", agent.state);
  reader.read("queue", agent.queue);
  reader.read("hostname", agent.hostname);
  reader.read("ip_address", agent.ip_address);
  reader.read("version", agent.version);
  reader.read("os_id", agent.os);
  reader.read("arch", agent.arch);
  reader.read("meta_data", agent.tags);
  reader.read("paused", agent.is_paused);
  reader.read("paused_note", agent.pause_note);
  reader.read("connected_at", agent.connected_at);
  reader.read("last_job_finished_at", agent.last_job_finished_at);
  reader.require(!agent.id.empty(), "id", "the agent's id");
  OSTLER_TRY(reader.finish());
  OSTLER_TRY(read_job_of(object, agent));
  return agent;
}

}  // namespace

Result<RestAgentAnswer> decode_rest_agent(std::string_view text) {
  OSTLER_TRY(const json object, parse_json(text, "agent"));
  return read_agent(object);
}

Result<std::vector<RestAgentAnswer>> decode_rest_agents(std::string_view text) {
  return decode_list(text, "agents", read_agent);
}

}  // namespace ostler::wire
