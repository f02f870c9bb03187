// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_cluster_answers.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "wire/json_list.hpp"
#include "wire/json_reader.hpp"
#include "wire/rest_cluster.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

/// Reads the id in a field; a fault when it is there and is none.
template <class Kind>
std::optional<Id<Kind>> read_id(ObjectReader& reader, std::string_view key) {
  std::string text;
  reader.read(key, text);
  const auto id = Id<Kind>::parse(text);
  if (!text.empty() && !id) reader.fail(key, "a UUID");
  return id;
}

template <class Kind>
void read_own_id(ObjectReader& reader, Id<Kind>& into) {
  const auto id = read_id<Kind>(reader, "id");
  reader.require(id.has_value(), "id", "a UUID");
  if (id) into = *id;
}

std::optional<model::User> read_fleet_user(ObjectReader& reader, std::string_view key) {
  const json* object = reader.object(key);
  if (object == nullptr) return std::nullopt;
  model::User user;
  ObjectReader fields(*object, "user");
  fields.read("name", user.name);
  fields.read("email", user.email);
  if (!fields.finish()) reader.fail(key, "a user");
  return user;
}

void read_created(ObjectReader& reader, Timestamp& into) {
  std::optional<Timestamp> at;
  reader.read("created_at", at);
  into = at.value_or(Timestamp{});
}

void read_pause(ObjectReader& reader, std::optional<model::DispatchPause>& into) {
  bool is_paused = false;
  std::optional<Timestamp> since;
  model::DispatchPause pause;
  reader.read("dispatch_paused", is_paused);
  reader.read("dispatch_paused_at", since);
  reader.read("dispatch_paused_note", pause.note);
  pause.by = read_fleet_user(reader, "dispatch_paused_by");
  if (!is_paused) return;
  pause.since = since.value_or(Timestamp{});
  into = std::move(pause);
}

Result<model::Cluster> read_cluster(const json& object) {
  model::Cluster cluster;
  ObjectReader reader(object, "cluster");
  read_own_id(reader, cluster.id);
  reader.read("name", cluster.name);
  reader.read("description", cluster.description);
  reader.read("emoji", cluster.emoji);
  reader.read("color", cluster.color);
  cluster.default_queue = read_id<struct QueueKind>(reader, "default_queue_id");
  read_created(reader, cluster.created_at);
  cluster.created_by = read_fleet_user(reader, "created_by");
  OSTLER_TRY(reader.finish());
  return cluster;
}

Result<model::Queue> read_queue(const json& object) {
  model::Queue queue;
  std::string affinity;
  std::optional<std::int64_t> lease;
  ObjectReader reader(object, "queue");
  read_own_id(reader, queue.id);
  reader.read("key", queue.key);
  reader.read("description", queue.description);
  reader.read("retry_agent_affinity", affinity);
  reader.read("lease_seconds", lease);
  read_pause(reader, queue.pause);
  read_created(reader, queue.created_at);
  queue.created_by = read_fleet_user(reader, "created_by");
  OSTLER_TRY(reader.finish());
  queue.retry_affinity = retry_affinity_named(affinity).value_or(queue.retry_affinity);
  if (lease) queue.lease = std::chrono::seconds(*lease);
  return queue;
}

Result<model::AgentToken> read_agent_token(const json& object) {
  model::AgentToken token;
  ObjectReader reader(object, "token");
  read_own_id(reader, token.id);
  reader.read("description", token.description);
  reader.read("allowed_ip_addresses", token.allowed_ip_addresses);
  reader.read("expires_at", token.expires_at);
  read_created(reader, token.created_at);
  token.created_by = read_fleet_user(reader, "created_by");
  OSTLER_TRY(reader.finish());
  return token;
}

}  // namespace

Result<std::vector<model::Cluster>> decode_rest_clusters(std::string_view text) {
  return decode_list(text, "clusters", read_cluster);
}

Result<std::vector<model::Queue>> decode_rest_queues(std::string_view text) {
  return decode_list(text, "queues", read_queue);
}

Result<std::vector<model::AgentToken>> decode_rest_agent_tokens(std::string_view text) {
  return decode_list(text, "tokens", read_agent_token);
}

Result<Secret> decode_rest_agent_token_text(std::string_view text) {
  OSTLER_TRY(const json object, parse_json(text, "token"));
  Secret token;
  ObjectReader reader(object, "token");
  reader.read("token", token);
  reader.require(!token.empty(), "token", "the token's text");
  OSTLER_TRY(reader.finish());
  return token;
}

}  // namespace ostler::wire
