// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "cli/client_access.hpp"
#include "cli/hub_client.hpp"
#include "model/cluster.hpp"
#include "wire/rest_cluster_requests.hpp"

namespace ostler::cli {

/// Which hub, and which of its clusters.
struct FleetFlags {
  ClientFlags client;
  std::string cluster;  ///< name or id; empty: the oldest, which comes with the hub
};

/// Adds `--cluster`, `--url` and `--org`.
void take_fleet_flags(CLI::App& app, FleetFlags& flags);

/// One cluster of a hub, as a person's program changes it. Blocks; each call has a deadline.
/// Errors of every call: as HubClient; UserFault, with the names that there are, when something is
/// not there.
class FleetClient {
 public:
  static Result<FleetClient> open(const FleetFlags& flags);

  const model::Cluster& cluster() const { return cluster_; }

  /// JSON arrays of everything, as the hub says it.
  Result<std::string> queues_text();
  Result<std::string> agent_tokens_text();

  Result<model::Queue> queue(const std::string& key);
  /// The queue's JSON, after each of these.
  Result<std::string> create_queue(const wire::RestQueueRequest& request);
  Result<std::string> update_queue(QueueId queue, const wire::RestQueueRequest& request);
  Result<std::string> pause_queue(QueueId queue, const std::string& note);
  Result<std::string> resume_queue(QueueId queue);
  Result<void> delete_queue(QueueId queue);
  Result<void> make_default(QueueId queue);

  /// The token's JSON, with its text.
  Result<std::string> create_agent_token(const wire::RestAgentTokenRequest& request);
  Result<void> delete_agent_token(TokenId token);

 private:
  FleetClient(HubClient hub, model::Cluster cluster)
      : hub_(std::move(hub)), cluster_(std::move(cluster)) {}
  Result<std::string> ask(std::string method, const std::string& path, std::string body = "");

  HubClient hub_;
  model::Cluster cluster_;
};

}  // namespace ostler::cli
