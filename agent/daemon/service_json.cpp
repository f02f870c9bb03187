// SPDX-License-Identifier: Apache-2.0
#include "daemon/service_json.hpp"

#include <nlohmann/json.hpp>

namespace ostler::daemon {
namespace {

using nlohmann::json;

json time_or_null(Timestamp at) {
  return at.micros == 0 ? json(nullptr) : json(format_rfc3339(at));
}

json json_of(const supervise::Service& service) {
  const auto& spec = service.spec;
  const auto& state = service.state;
  return {{"id", spec.id},
          {"name", spec.name},
          {"pipeline", spec.scope},
          {"plugin", spec.plugin},
          {"job", spec.job},
          {"phase", to_string(state.phase)},
          {"health", to_string(state.health)},
          {"promoted", state.is_promoted},
          {"address", state.address},
          {"restarts", state.restarts},
          {"evidence", state.evidence},
          {"pid", state.pid > 0 ? json(state.pid) : json(nullptr)},
          {"asked_at", time_or_null(spec.asked_at)},
          {"since", time_or_null(state.since)},
          {"promoted_at", time_or_null(state.promoted_at)}};
}

std::string text_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

std::string encode_services(const std::vector<supervise::Service>& services) {
  json list = json::array();
  for (const auto& service : services) list.push_back(json_of(service));
  return text_of(list);
}

std::string encode_service(const supervise::Service& service) {
  const auto& spec = service.spec;
  json object = json_of(service);
  object["command"] = spec.arguments;
  object["directory"] = spec.directory;
  object["restart"] = to_string(spec.restart);
  object["probe"] = {{"kind", to_string(spec.probe)},
                     {"path", spec.probe_path},
                     {"interval_ms", spec.probe_interval.count()},
                     {"threshold", spec.probe_threshold}};
  return text_of(object);
}

}  // namespace ostler::daemon
