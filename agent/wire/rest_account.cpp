// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_account.hpp"

#include "wire/rest_json.hpp"

namespace ostler::wire {
namespace {

/// "2025-07-16 06:07:42 UTC": how this one endpoint prints times.
std::string spaced_time(Timestamp at) {
  std::string text = format_rfc3339(at, 0);  // 2025-07-16T06:07:42Z
  text[10] = ' ';
  text.replace(text.size() - 1, 1, " UTC");
  return text;
}

}  // namespace

std::string encode_rest_organization(const model::Organization& organization,
                                     const RestUrls& urls) {
  const std::string url = urls.organization();
  return JsonObjectText()
      .text("id", organization.id.str())
      .text("graphql_id", graphql_id("Organization", organization.id.uuid))
      .text("url", url)
      .text("web_url", urls.web_organization())
      .text("name", organization.name)
      .text("slug", organization.slug)
      .text("pipelines_url", url + "/pipelines")
      .text("agents_url", url + "/agents")
      .text("emojis_url", url + "/emojis")
      .time("created_at", organization.created_at)
      .finish();
}

std::string encode_rest_access_token(const RestAccessToken& token) {
  const std::string user =
      JsonObjectText().text("name", token.user.name).text("email", token.user.email).finish();
  return JsonObjectText()
      .text("uuid", token.id.str())
      .texts("scopes", token.scopes)
      .text("description", token.description)
      .text("created_at", spaced_time(token.created_at))
      .null("expires_at")
      .raw("user", user)
      .finish();
}

std::string encode_rest_cluster(const RestCluster& cluster, const RestUrls& urls) {
  const std::string url = urls.cluster(cluster.id);
  return JsonObjectText()
      .text("id", cluster.id.str())
      .text("graphql_id", graphql_id("Cluster", cluster.id.uuid))
      .text("default_queue_id", cluster.default_queue.str())
      .text("name", cluster.name)
      .null("description")
      .null("emoji")
      .null("color")
      .raw("maintainers", R"({"users":[],"teams":[]})")
      .text("url", url)
      .text("web_url", urls.web_cluster(cluster.id))
      .text("queues_url", url + "/queues")
      .text("default_queue_url", urls.queue(cluster.id, cluster.default_queue))
      .time("created_at", cluster.created_at)
      .null("created_by")
      .finish();
}

std::string encode_rest_queue(const RestQueue& queue, const RestUrls& urls) {
  return JsonObjectText()
      .text("id", queue.id.str())
      .text("graphql_id", graphql_id("ClusterQueue", queue.id.uuid))
      .text("key", queue.key)
      .null("description")
      .text("url", urls.queue(queue.cluster, queue.id))
      .text("web_url", urls.web_queue(queue.cluster, queue.id))
      .text("cluster_url", urls.cluster(queue.cluster))
      .text("retry_agent_affinity", "prefer-warmest")
      .flag("dispatch_paused", false)
      .null("dispatch_paused_by")
      .null("dispatch_paused_at")
      .null("dispatch_paused_note")
      .time("created_at", queue.created_at)
      .null("created_by")
      .flag("hosted", false)
      .null("hosted_agents")
      .finish();
}

}  // namespace ostler::wire
