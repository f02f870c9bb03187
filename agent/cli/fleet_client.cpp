// SPDX-License-Identifier: Apache-2.0
#include "cli/fleet_client.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <ranges>
#include <utility>

#include "base/joined.hpp"
#include "cli/command.hpp"
#include "cli/hub_session.hpp"
#include "wire/rest_cluster_answers.hpp"

namespace ostler::cli {
namespace {

template <class Item, class Name>
std::string names_of(const std::vector<Item>& items, Name name) {
  return joined(items | std::views::transform(name), ", ");
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

int run_at_cluster(const FleetFlags& flags,
                   const std::function<Result<void>(FleetClient&)>& command) {
  return run_at_hub(flags.client, [&](HubClient& hub) -> Result<int> {
    OSTLER_TRY(auto fleet, FleetClient::open(hub, flags.cluster));
    OSTLER_TRY(command(fleet));
    return kExitOk;
  });
}

Result<FleetClient> FleetClient::open(HubClient& hub, const std::string& cluster) {
  OSTLER_TRY(const std::string text, hub.all_pages("/clusters"));
  OSTLER_TRY(const auto clusters, wire::decode_rest_clusters(text));
  OSTLER_TRY(auto chosen, choose(clusters, cluster));
  return FleetClient(hub, std::move(chosen));
}

std::string FleetClient::path_of(const std::string& path) const {
  return "/clusters/" + cluster_.id.str() + path;
}

Result<std::string> FleetClient::ask(std::string method, const std::string& path,
                                     std::string body) {
  return hub_.ask(std::move(method), path_of(path), std::move(body));
}

Result<std::string> FleetClient::queues_text() { return hub_.all_pages(path_of("/queues")); }

Result<std::string> FleetClient::agent_tokens_text() { return hub_.all_pages(path_of("/tokens")); }

Result<std::string> FleetClient::secrets_text() { return hub_.all_pages(path_of("/secrets")); }

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
