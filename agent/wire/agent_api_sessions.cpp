// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "wire/agent_api.hpp"
#include "wire/json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

std::string encode(const RegisterRequest& request) {
  json object = {{"name", request.name},
                 {"hostname", request.hostname},
                 {"os", request.os},
                 {"arch", request.arch},
                 {"script_eval_enabled", request.script_eval_enabled},
                 {"ignore_in_dispatches", request.ignore_in_dispatches},
                 {"version", request.version},
                 {"build", request.build},
                 {"meta_data", request.meta_data},
                 {"features", request.features}};
  put_unless_empty(object, "priority", request.priority);
  put_unless_empty(object, "machine_id", request.machine_id);
  if (request.pid != 0) object["pid"] = request.pid;
  return to_text(object);
}

Result<RegisterRequest> decode_register_request(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "register request"));
  ObjectReader reader(object, "register request");
  RegisterRequest request;
  reader.read("name", request.name);
  reader.read("hostname", request.hostname);
  reader.read("os", request.os);
  reader.read("arch", request.arch);
  reader.read("script_eval_enabled", request.script_eval_enabled);
  reader.read("ignore_in_dispatches", request.ignore_in_dispatches);
  reader.read("priority", request.priority);
  reader.read("version", request.version);
  reader.read("build", request.build);
  reader.read("meta_data", request.meta_data);
  reader.read("pid", request.pid);
  reader.read("machine_id", request.machine_id);
  reader.read("features", request.features);
  OSTLER_TRY(reader.finish());
  return request;
}

std::string encode(const RegisterResponse& response) {
  json object = {{"id", response.id},
                 {"name", response.name},
                 {"access_token", response.access_token.reveal()},
                 {"endpoint", response.endpoint},
                 {"ping_interval", response.ping_interval},
                 {"job_status_interval", response.job_status_interval},
                 {"heartbeat_interval", response.heartbeat_interval},
                 {"meta_data", response.meta_data}};
  if (response.request_headers) object["request_headers"] = *response.request_headers;
  if (response.lease_seconds) object["lease_seconds"] = *response.lease_seconds;
  return to_text(object);
}

Result<RegisterResponse> decode_register_response(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "register answer"));
  ObjectReader reader(object, "register answer");
  RegisterResponse response;
  reader.read("id", response.id);
  reader.read("name", response.name);
  reader.read("access_token", response.access_token);
  reader.read("endpoint", response.endpoint);
  reader.read("request_headers", response.request_headers);
  reader.read("ping_interval", response.ping_interval);
  reader.read("job_status_interval", response.job_status_interval);
  reader.read("heartbeat_interval", response.heartbeat_interval);
  reader.read("meta_data", response.meta_data);
  reader.read("lease_seconds", response.lease_seconds);
  reader.require(!response.id.empty(), "id", "a text that is not empty");
  reader.require(!response.access_token.empty(), "access_token", "a text that is not empty");
  OSTLER_TRY(reader.finish());
  for (auto* interval :
       {&response.ping_interval, &response.job_status_interval, &response.heartbeat_interval}) {
    *interval = std::max<std::int64_t>(*interval, 1);
  }
  return response;
}

std::string encode(const PingResponse& response) {
  json object = json::object();
  if (response.action == PingAction::Pause) object["action"] = "pause";
  if (response.action == PingAction::Disconnect) object["action"] = "disconnect";
  put_unless_empty(object, "message", response.message);
  put_unless_empty(object, "endpoint", response.endpoint);
  if (response.job_id) object["job"] = {{"id", *response.job_id}};
  if (response.request_headers) object["request_headers"] = *response.request_headers;
  return to_text(object);
}

Result<PingResponse> decode_ping_response(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "ping answer"));
  ObjectReader reader(object, "ping answer");
  PingResponse response;
  std::string action;
  reader.read("action", action);
  reader.read("message", response.message);
  reader.read("endpoint", response.endpoint);
  reader.read("request_headers", response.request_headers);
  if (const json* job = reader.object("job")) {
    ObjectReader job_reader(*job, "ping answer: field job");
    std::string id;
    job_reader.read("id", id);
    OSTLER_TRY(job_reader.finish());
    if (!id.empty()) response.job_id = id;
  }
  OSTLER_TRY(reader.finish());
  if (action == "pause") response.action = PingAction::Pause;
  if (action == "disconnect") response.action = PingAction::Disconnect;
  return response;
}

std::string encode(const PauseRequest& request) {
  json object = json::object();
  put_unless_empty(object, "note", request.note);
  if (request.timeout_in_minutes > 0) object["timeout_in_minutes"] = request.timeout_in_minutes;
  return to_text(object);
}

Result<PauseRequest> decode_pause_request(std::string_view text) {
  constexpr std::int64_t kLongest = 366 * 24 * 60;
  OSTLER_TRY(auto object, parse_json(text, "pause request"));
  ObjectReader reader(object, "pause request");
  PauseRequest request;
  reader.read("note", request.note);
  reader.read("timeout_in_minutes", request.timeout_in_minutes);
  reader.require(request.timeout_in_minutes >= 0 && request.timeout_in_minutes <= kLongest,
                 "timeout_in_minutes", "0 to " + std::to_string(kLongest));
  OSTLER_TRY(reader.finish());
  return request;
}

std::string encode(const StopRequest& request) {
  json object = json::object();
  if (request.force) object["force"] = true;
  return to_text(object);
}

Result<StopRequest> decode_stop_request(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "stop request"));
  ObjectReader reader(object, "stop request");
  StopRequest request;
  reader.read("force", request.force);
  OSTLER_TRY(reader.finish());
  return request;
}

std::string encode(const HeartbeatRequest& request) {
  return to_text(json::object({{"sent_at", request.sent_at}}));
}

Result<HeartbeatRequest> decode_heartbeat_request(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "heartbeat request"));
  ObjectReader reader(object, "heartbeat request");
  HeartbeatRequest request;
  reader.read("sent_at", request.sent_at);
  OSTLER_TRY(reader.finish());
  return request;
}

std::string encode(const HeartbeatResponse& response) {
  return to_text(
      json::object({{"sent_at", response.sent_at}, {"received_at", response.received_at}}));
}

Result<HeartbeatResponse> decode_heartbeat_response(std::string_view text) {
  OSTLER_TRY(auto object, parse_json(text, "heartbeat answer"));
  ObjectReader reader(object, "heartbeat answer");
  HeartbeatResponse response;
  reader.read("sent_at", response.sent_at);
  reader.read("received_at", response.received_at);
  OSTLER_TRY(reader.finish());
  return response;
}

std::string encode_message(std::string_view message) {
  return to_text(json::object({{"message", message}}));
}

std::string decode_message(std::string_view body) {
  constexpr std::size_t kQuoted = 512;
  const json object = json::parse(body, nullptr, false);
  const bool has_message =
      object.is_object() && object.contains("message") && object["message"].is_string();
  return has_message ? object["message"].get<std::string>() : std::string(body.substr(0, kQuoted));
}

}  // namespace ostler::wire
