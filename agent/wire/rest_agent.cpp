// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_agent.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

#include "base/assert.hpp"
#include "wire/rest_fields.hpp"
#include "wire/rest_json.hpp"

namespace ostler::wire {
namespace {

void add_pause(JsonObjectText& object, const std::optional<model::AgentPause>& pause) {
  object.flag("paused", pause.has_value());
  if (!pause) return;
  object.time("paused_at", pause->since)
      .null("paused_by")
      .text_or_null("paused_note", pause->note)
      .number("paused_timeout_in_minutes", rest_pause_minutes(*pause));
}

void add_agent(JsonObjectText& object, const model::Agent& agent, const RestUrls& urls) {
  const model::AgentDescription& description = agent.description;
  object.text("id", agent.id.str())
      .text("graphql_id", graphql_id("Agent", agent.id.uuid))
      .text("url", urls.agent(agent.id))
      .text("web_url", urls.web_agent(agent.id))
      .text("name", description.name)
      .text("connection_state", rest_connection_state(agent))
      .text("hostname", description.hostname)
      .text("ip_address", description.ip_address)
      .text("user_agent", description.user_agent)
      .text("version", description.version)
      .text_or_null("os_id", description.os)
      .text_or_null("arch", description.arch)
      .null("creator")
      .time("created_at", agent.created_at)
      .time("connected_at", agent.connected_at)
      .time("disconnected_at", agent.disconnected_at)
      .time("lost_at", agent.lost_at)
      .time("stopped_at", agent.stop_requested ? agent.disconnected_at : std::nullopt)
      .time("last_job_finished_at", agent.last_job_finished_at)
      .number("priority", description.priority)
      .texts("meta_data", description.tags);
}

}  // namespace

std::string_view rest_connection_state(const model::Agent& agent) {
  switch (agent.state) {
    case model::AgentState::Registered: return "never_connected";
    case model::AgentState::Connected: return agent.stop_requested ? "stopping" : "connected";
    case model::AgentState::Disconnected: return agent.stop_requested ? "stopped" : "disconnected";
    case model::AgentState::Lost: return "lost";
  }
  OSTLER_ASSERT(false);
}

std::optional<std::int64_t> rest_pause_minutes(const model::AgentPause& pause) {
  if (!pause.until) return std::nullopt;
  const std::chrono::microseconds length(pause.until->micros - pause.since.micros);
  return std::chrono::ceil<std::chrono::minutes>(length).count();
}

std::string encode_rest_agent(const model::Agent& agent, const RestUrls& urls) {
  JsonObjectText object;
  add_agent(object, agent, urls);
  return object.finish();
}

std::string encode_rest_agent(const model::Agent& agent, const RestUrls& urls,
                              const RestAgentParts& parts) {
  JsonObjectText object;
  add_agent(object, agent, urls);
  object.text_or_null("queue", parts.queue).raw("job", parts.job.value_or("null"));
  add_pause(object, agent.pause);
  return object.finish();
}

Result<RestDecoded<bool>> decode_rest_agent_stop(std::string_view body) {
  OSTLER_TRY(const nlohmann::json object, parse_rest_body(body));
  RestFields fields(object);
  RestDecoded<bool> decoded{true, {}};
  fields.read("force", decoded.value);
  decoded.errors = std::move(fields).errors();
  return decoded;
}

}  // namespace ostler::wire
