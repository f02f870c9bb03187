// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_cluster.hpp"

#include "wire/rest_json.hpp"
#include "wire/rest_pipeline.hpp"

namespace ostler::wire {
namespace {

std::string user_or_null(const std::optional<model::User>& user) {
  return user ? encode_rest_user(*user) : "null";
}

std::optional<std::int64_t> seconds_of(const std::optional<std::chrono::seconds>& duration) {
  return duration ? std::optional<std::int64_t>(duration->count()) : std::nullopt;
}

JsonObjectText agent_token_object(const model::AgentToken& token, const RestUrls& urls) {
  const std::string cluster = urls.cluster(token.cluster);
  const std::string& allowed = token.allowed_ip_addresses;
  return JsonObjectText()
      .text("id", token.id.str())
      .text("graphql_id", graphql_id("ClusterToken", token.id.uuid))
      .text("description", token.description)
      .text("allowed_ip_addresses", allowed.empty() ? kEveryIpAddress : allowed)
      .time("expires_at", token.expires_at)
      .text("url", cluster + "/tokens/" + token.id.str())
      .text("cluster_url", cluster)
      .time("created_at", token.created_at)
      .raw("created_by", user_or_null(token.created_by));
}

}  // namespace

std::string_view name_of(model::RetryAffinity affinity) {
  return affinity == model::RetryAffinity::PreferWarmest ? "prefer-warmest" : "prefer-different";
}

std::optional<model::RetryAffinity> retry_affinity_named(std::string_view name) {
  for (const auto one :
       {model::RetryAffinity::PreferWarmest, model::RetryAffinity::PreferDifferent}) {
    if (name_of(one) == name) return one;
  }
  return std::nullopt;
}

std::string encode_rest_cluster(const model::Cluster& cluster, const RestUrls& urls) {
  const std::string url = urls.cluster(cluster.id);
  const auto& queue = cluster.default_queue;
  return JsonObjectText()
      .text("id", cluster.id.str())
      .text("graphql_id", graphql_id("Cluster", cluster.id.uuid))
      .text_or_null("default_queue_id", queue ? queue->str() : "")
      .text("name", cluster.name)
      .text_or_null("description", cluster.description)
      .text_or_null("emoji", cluster.emoji)
      .text_or_null("color", cluster.color)
      .raw("maintainers", R"({"users":[],"teams":[]})")
      .text("url", url)
      .text("web_url", urls.web_cluster(cluster.id))
      .text("queues_url", url + "/queues")
      .text_or_null("default_queue_url", queue ? urls.queue(cluster.id, *queue) : "")
      .time("created_at", cluster.created_at)
      .raw("created_by", user_or_null(cluster.created_by))
      .finish();
}

std::string encode_rest_queue(const model::Queue& queue, const RestUrls& urls) {
  const auto& pause = queue.pause;
  return JsonObjectText()
      .text("id", queue.id.str())
      .text("graphql_id", graphql_id("ClusterQueue", queue.id.uuid))
      .text("key", queue.key)
      .text_or_null("description", queue.description)
      .text("url", urls.queue(queue.cluster, queue.id))
      .text("web_url", urls.web_queue(queue.cluster, queue.id))
      .text("cluster_url", urls.cluster(queue.cluster))
      .text("retry_agent_affinity", name_of(queue.retry_affinity))
      .number("lease_seconds", seconds_of(queue.lease))
      .flag("dispatch_paused", pause.has_value())
      .raw("dispatch_paused_by", user_or_null(pause ? pause->by : std::nullopt))
      .time("dispatch_paused_at", pause ? std::optional(pause->since) : std::nullopt)
      .text_or_null("dispatch_paused_note", pause ? pause->note : "")
      .time("created_at", queue.created_at)
      .raw("created_by", user_or_null(queue.created_by))
      .flag("hosted", false)
      .null("hosted_agents")
      .finish();
}

std::string encode_rest_agent_token(const model::AgentToken& token, const RestUrls& urls) {
  return agent_token_object(token, urls).finish();
}

std::string encode_rest_new_agent_token(const model::AgentToken& token, const Secret& text,
                                        const RestUrls& urls) {
  return agent_token_object(token, urls).text("token", text.reveal()).finish();
}

}  // namespace ostler::wire
