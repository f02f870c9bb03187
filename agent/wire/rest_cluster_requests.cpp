// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_cluster_requests.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/ip_networks.hpp"
#include "wire/json_reader.hpp"
#include "wire/rest_cluster.hpp"
#include "wire/rest_fields.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestQueueKey = 100;
constexpr std::size_t kLongestClusterName = 255;
constexpr std::size_t kLongestClusterText = 4u << 10;
constexpr std::int64_t kShortestLease = 120;
constexpr std::int64_t kLongestLease = 24 * 3600;

void put_if_said(json& object, const char* key, const std::optional<std::string>& text) {
  if (text) object[key] = *text;
}

enum class Purpose : std::uint8_t { New, Change };

void read_optional_text(RestFields& fields, std::string_view name, std::optional<std::string>& into,
                        std::size_t longest = kLongestClusterText) {
  std::string text;
  if (!fields.has(name) || !fields.read(name, text)) return;
  if (text.size() > longest) {
    fields.fail(name, "must have at most " + std::to_string(longest) + " bytes");
  }
  into = std::move(text);
}

/// A text that must be there in a new object and must not be taken away by a change.
void read_needed(RestFields& fields, Purpose purpose, std::string_view name,
                 std::optional<std::string>& into) {
  if (purpose == Purpose::New || fields.has(name)) fields.require(name);
  read_optional_text(fields, name, into, kLongestClusterName);
}

bool is_color(const std::string& text) {
  const auto is_hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  return text.size() == 7 && text[0] == '#' && std::all_of(text.begin() + 1, text.end(), is_hex);
}

bool is_queue_key(const std::string& text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  return !text.empty() && text.size() <= kLongestQueueKey && std::ranges::all_of(text, fits);
}

/// What a client must not believe that it got. Empty ones are no wish.
void refuse(const json& object, RestFields& fields, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || found->empty()) return;
  fields.fail(name, "is not supported by this hub");
}

void read_queue_key(RestFields& fields, std::string& key) {
  fields.require("key");
  if (!fields.read("key", key) || key.empty() || is_queue_key(key)) return;
  fields.fail("key", "must hold only letters, digits, - and _, and have at most 100 characters");
}

void read_affinity(RestFields& fields, std::optional<model::RetryAffinity>& affinity) {
  std::string name;
  constexpr std::string_view kField = "retry_agent_affinity";
  if (!fields.has(kField) || !fields.read(kField, name)) return;
  affinity = retry_affinity_named(name);
  if (!affinity) fields.fail(kField, "must be prefer-warmest or prefer-different");
}

void read_lease(const json& object, RestFields& fields,
                std::optional<std::chrono::seconds>& lease) {
  const auto found = object.find("lease_seconds");
  if (found == object.end() || found->is_null()) return;
  const bool fits = found->is_number_integer() &&
                    (*found == 0 || (*found >= kShortestLease && *found <= kLongestLease));
  if (fits) {
    lease = std::chrono::seconds(found->get<std::int64_t>());
  } else {
    fields.fail("lease_seconds", "must be from 120 to 86400 seconds, or 0 for the hub's own");
  }
}

Result<RestDecoded<RestClusterRequest>> decode_cluster(std::string_view body, Purpose purpose) {
  OSTLER_TRY(const json object, parse_rest_body(body));
  RestFields fields(object);
  RestDecoded<RestClusterRequest> decoded;
  RestClusterRequest& cluster = decoded.value;
  read_needed(fields, purpose, "name", cluster.name);
  read_optional_text(fields, "description", cluster.description);
  read_optional_text(fields, "emoji", cluster.emoji, kLongestClusterName);
  read_optional_text(fields, "color", cluster.color, kLongestClusterName);
  if (cluster.color && !cluster.color->empty() && !is_color(*cluster.color)) {
    fields.fail("color", "must be like #14cc80");
  }
  if (purpose == Purpose::Change)
    read_optional_text(fields, "default_queue_id", cluster.default_queue_id);
  refuse(object, fields, "maintainers");
  decoded.errors = std::move(fields).errors();
  return decoded;
}

Result<RestDecoded<RestQueueRequest>> decode_queue(std::string_view body, Purpose purpose) {
  OSTLER_TRY(const json object, parse_rest_body(body));
  RestFields fields(object);
  RestDecoded<RestQueueRequest> decoded;
  RestQueueRequest& queue = decoded.value;
  if (purpose == Purpose::New) read_queue_key(fields, queue.key);
  read_optional_text(fields, "description", queue.description);
  read_affinity(fields, queue.retry_affinity);
  read_lease(object, fields, queue.lease);
  refuse(object, fields, "hostedAgents");
  decoded.errors = std::move(fields).errors();
  return decoded;
}

Result<RestDecoded<RestAgentTokenRequest>> decode_token(std::string_view body, Purpose purpose) {
  OSTLER_TRY(const json object, parse_rest_body(body));
  RestFields fields(object);
  RestDecoded<RestAgentTokenRequest> decoded;
  RestAgentTokenRequest& token = decoded.value;
  read_needed(fields, purpose, "description", token.description);
  read_optional_text(fields, "allowed_ip_addresses", token.allowed_ip_addresses);
  if (token.allowed_ip_addresses == kEveryIpAddress) token.allowed_ip_addresses = "";
  if (token.allowed_ip_addresses && !model::are_ip_networks(*token.allowed_ip_addresses)) {
    fields.fail("allowed_ip_addresses",
                "must be networks with a space between them, like 192.0.2.0/24 2001:db8::/32");
  }
  std::string end;
  if (fields.has("expires_at") && fields.read("expires_at", end)) {
    token.expires_at = parse_rfc3339(end);
    if (!token.expires_at) fields.fail("expires_at", "must be a time like 2026-01-02T03:04:05Z");
    if (purpose == Purpose::Change) fields.fail("expires_at", "cannot be changed");
  }
  decoded.errors = std::move(fields).errors();
  return decoded;
}

}  // namespace

std::string encode(const RestClusterRequest& request) {
  json object = json::object();
  put_if_said(object, "name", request.name);
  put_if_said(object, "description", request.description);
  put_if_said(object, "emoji", request.emoji);
  put_if_said(object, "color", request.color);
  put_if_said(object, "default_queue_id", request.default_queue_id);
  return to_text(object);
}

std::string encode(const RestQueueRequest& request) {
  json object = json::object();
  put_unless_empty(object, "key", request.key);
  put_if_said(object, "description", request.description);
  if (request.retry_affinity) object["retry_agent_affinity"] = name_of(*request.retry_affinity);
  if (request.lease) object["lease_seconds"] = request.lease->count();
  return to_text(object);
}

std::string encode_rest_queue_pause(const std::string& note) {
  json object = json::object();
  put_unless_empty(object, "dispatch_paused_note", note);
  return to_text(object);
}

std::string encode(const RestAgentTokenRequest& request) {
  json object = json::object();
  put_if_said(object, "description", request.description);
  put_if_said(object, "allowed_ip_addresses", request.allowed_ip_addresses);
  if (request.expires_at) object["expires_at"] = format_rfc3339(*request.expires_at);
  return to_text(object);
}

Result<RestDecoded<RestClusterRequest>> decode_rest_new_cluster(std::string_view body) {
  return decode_cluster(body, Purpose::New);
}
Result<RestDecoded<RestClusterRequest>> decode_rest_cluster_change(std::string_view body) {
  return decode_cluster(body, Purpose::Change);
}

Result<RestDecoded<RestQueueRequest>> decode_rest_new_queue(std::string_view body) {
  return decode_queue(body, Purpose::New);
}
Result<RestDecoded<RestQueueRequest>> decode_rest_queue_change(std::string_view body) {
  return decode_queue(body, Purpose::Change);
}

Result<RestDecoded<std::string>> decode_rest_queue_pause(std::string_view body) {
  OSTLER_TRY(const json object, parse_rest_body(body));
  RestFields fields(object);
  RestDecoded<std::string> decoded;
  std::optional<std::string> note;
  read_optional_text(fields, "note", note);
  read_optional_text(fields, "dispatch_paused_note", note);
  decoded.value = note.value_or("");
  decoded.errors = std::move(fields).errors();
  return decoded;
}

Result<RestDecoded<RestAgentTokenRequest>> decode_rest_new_agent_token(std::string_view body) {
  return decode_token(body, Purpose::New);
}
Result<RestDecoded<RestAgentTokenRequest>> decode_rest_agent_token_change(std::string_view body) {
  return decode_token(body, Purpose::Change);
}

}  // namespace ostler::wire
