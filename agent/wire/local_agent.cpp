// SPDX-License-Identifier: Apache-2.0
#include "wire/local_agent.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

constexpr std::array kStates = {LocalState::Starting, LocalState::Idle, LocalState::Paused,
                                LocalState::Busy, LocalState::Lost};

json object_of(const LocalSlot& slot) {
  json object = {{"slot", slot.number},
                 {"name", slot.name},
                 {"agent_id", slot.agent_id},
                 {"state", to_string(slot.state)}};
  put_unless_empty(object, "job", slot.job);
  if (slot.since) object["since"] = format_rfc3339(*slot.since);
  return object;
}

json object_of(const LocalAgent& agent) {
  json slots = json::array();
  for (const LocalSlot& slot : agent.slots) slots.push_back(object_of(slot));
  return {{"pid", agent.pid}, {"paused", agent.is_paused}, {"slots", std::move(slots)}};
}

Result<LocalSlot> slot_of(const json& object) {
  ObjectReader reader(object, "agent status: slot");
  LocalSlot slot;
  std::int64_t number = slot.number;
  std::string state;
  reader.read("slot", number);
  reader.read("name", slot.name);
  reader.read("agent_id", slot.agent_id);
  reader.read("state", state);
  reader.read("job", slot.job);
  reader.read("since", slot.since);
  const auto known = std::ranges::find(kStates, state, [](auto one) { return to_string(one); });
  reader.require(known != kStates.end(), "state", "a state of a slot");
  OSTLER_TRY(reader.finish());
  slot.number = static_cast<int>(number);
  slot.state = *known;
  return slot;
}

bool is_busy(const LocalSlot& slot) { return !slot.job.empty(); }

}  // namespace

std::string_view to_string(LocalState state) {
  switch (state) {
    case LocalState::Starting: return "starting";
    case LocalState::Idle: return "idle";
    case LocalState::Paused: return "paused";
    case LocalState::Busy: return "busy";
    case LocalState::Lost: return "lost";
  }
  return "unknown";
}

std::string encode(const LocalAgent& agent) { return to_text(object_of(agent)); }

std::string encode(const std::vector<LocalAgent>& agents) {
  json list = json::array();
  for (const LocalAgent& agent : agents) list.push_back(object_of(agent));
  return to_text(list);
}

Result<LocalAgent> decode_local_agent(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "agent status"));
  ObjectReader reader(object, "agent status");
  LocalAgent agent;
  reader.read("pid", agent.pid);
  reader.read("paused", agent.is_paused);
  if (const json* slots = reader.array("slots")) {
    for (const json& one : *slots) {
      OSTLER_TRY(agent.slots.emplace_back(), slot_of(one));
    }
  }
  OSTLER_TRY(reader.finish());
  return agent;
}

std::string encode_health(const LocalAgent& agent) {
  json workers = json::array();
  for (const LocalSlot& slot : agent.slots) {
    json worker = {{"status", is_busy(slot) ? "busy" : "idle"},
                   {"id", slot.agent_id},
                   {"spawn_index", slot.number}};
    put_unless_empty(worker, "current_job_id", slot.job);
    workers.push_back(std::move(worker));
  }
  const bool busy = std::ranges::any_of(agent.slots, is_busy);
  return to_text({{"health", "ok"},
                  {"aggregate_status", busy ? "busy" : "idle"},
                  {"workers", std::move(workers)}});
}

}  // namespace ostler::wire
