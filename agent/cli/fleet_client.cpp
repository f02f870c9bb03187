// SPDX-License-Identifier: Apache-2.0
#include "cli/fleet_client.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "wire/json_reader.hpp"
#include "wire/rest_cluster_answers.hpp"

namespace ostler::cli {
namespace {

constexpr std::size_t kItemsPerPage = 100;
constexpr int kMostListPages = 100;

/// All pages of a list as one JSON array.
Result<std::string> list_all(HubClient& hub, const std::string& path) {
  nlohmann::json all = nlohmann::json::array();
  for (int page = 1; page <= kMostListPages; ++page) {
    OSTLER_TRY(const std::string text,
               hub.ask("GET", path + "?per_page=" + std::to_string(kItemsPerPage) +
                                  "&page=" + std::to_string(page)));
    OSTLER_TRY(const auto some, wire::parse_json(text, "list"));
    if (!some.is_array()) return Error(Errc::Protocol, "GET " + path + ": expected an array");
    all.insert(all.end(), some.begin(), some.end());
    if (some.size() < kItemsPerPage) break;
  }
  return wire::to_text(all);
}

template <class Item, class Name>
std::string names_of(const std::vector<Item>& items, Name name) {
  std::string names;
  for (const Item& item : items) names += (names.empty() ? "" : ", ") + item.*name;
  return names;
}

Result<model::Cluster> choose(const std::vector<model::Cluster>& clusters,
                              const std::string& wanted) {
  for (const model::Cluster& cluster : clusters) {
    const bool is_it = wanted.empty() || cluster.name == wanted || cluster.id.str() == wanted;
    if (is_it) return cluster;
  }
  return Error(Errc::UserFault, "the hub has no cluster " + wanted + "; it has " +
                                    names_of(clusters, &model::Cluster::name));
}

}  // namespace

void take_fleet_flags(CLI::App& app, FleetFlags& flags) {
  app.add_option("--cluster", flags.cluster, "Name of the cluster; default: the hub's first one")
      ->envname("OSTLER_CLUSTER");
  take_client_flags(app, flags.client);
}

Result<FleetClient> FleetClient::open(const FleetFlags& flags) {
  OSTLER_TRY(auto access, find_client_access(flags.client));
  HubClient hub(access.url, access.organization, access.token);
  OSTLER_TRY(const std::string text, list_all(hub, "/clusters"));
  OSTLER_TRY(const auto clusters, wire::decode_rest_clusters(text));
  OSTLER_TRY(auto cluster, choose(clusters, flags.cluster));
  return FleetClient(std::move(hub), std::move(cluster));
}

Result<std::string> FleetClient::ask(std::string method, const std::string& path,
                                     std::string body) {
  return hub_.ask(std::move(method), "/clusters/" + cluster_.id.str() + path, std::move(body));
}

Result<std::string> FleetClient::queues_text() {
  return list_all(hub_, "/clusters/" + cluster_.id.str() + "/queues");
}

Result<std::string> FleetClient::agent_tokens_text() {
  return list_all(hub_, "/clusters/" + cluster_.id.str() + "/tokens");
}

Result<model::Queue> FleetClient::queue(const std::string& key) {
  OSTLER_TRY(const std::string text, queues_text());
  OSTLER_TRY(auto queues, wire::decode_rest_queues(text));
  const auto found = std::ranges::find(queues, key, &model::Queue::key);
  if (found != queues.end()) return std::move(*found);
  return Error(Errc::UserFault, "cluster " + cluster_.name + " has no queue " + key + "; it has " +
                                    names_of(queues, &model::Queue::key));
}

Result<std::string> FleetClient::create_queue(const wire::RestQueueRequest& request) {
  return ask("POST", "/queues", wire::encode(request));
}

Result<std::string> FleetClient::update_queue(QueueId queue,
                                              const wire::RestQueueRequest& request) {
  return ask("PUT", "/queues/" + queue.str(), wire::encode(request));
}

Result<std::string> FleetClient::pause_queue(QueueId queue, const std::string& note) {
  return ask("POST", "/queues/" + queue.str() + "/pause_dispatch",
             wire::encode_rest_queue_pause(note));
}

Result<std::string> FleetClient::resume_queue(QueueId queue) {
  return ask("POST", "/queues/" + queue.str() + "/resume_dispatch");
}

Result<void> FleetClient::delete_queue(QueueId queue) {
  OSTLER_TRY(ask("DELETE", "/queues/" + queue.str()));
  return success();
}

Result<void> FleetClient::make_default(QueueId queue) {
  wire::RestClusterRequest request;
  request.default_queue_id = queue.str();
  OSTLER_TRY(ask("PUT", "", wire::encode(request)));
  return success();
}

Result<std::string> FleetClient::create_agent_token(const wire::RestAgentTokenRequest& request) {
  return ask("POST", "/tokens", wire::encode(request));
}

Result<void> FleetClient::delete_agent_token(TokenId token) {
  OSTLER_TRY(ask("DELETE", "/tokens/" + token.str()));
  return success();
}

}  // namespace ostler::cli
