// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
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

class FleetClient;

/// Runs `command` with the cluster that the flags name: its exit status, or that of its error,
/// which is written. A closed pipe behind standard output is no error.
int run_at_cluster(const FleetFlags& flags,
                   const std::function<Result<void>(FleetClient&)>& command);

/// One cluster of a hub, as a person's program changes it. Blocks; each call has a deadline.
/// Errors of every call: as HubClient; UserFault, with the names that there are, when something is
/// not there.
class FleetClient {
 public:
  /// `cluster` is a name or an id; empty: the hub's first one.
  static Result<FleetClient> open(HubClient& hub, const std::string& cluster);

  const model::Cluster& cluster() const { return cluster_; }
  /// The hub's address.
  const std::string& url() const { return hub_.url(); }

  /// JSON arrays of everything, as the hub says it.
  Result<std::string> queues_text();
  Result<std::string> agent_tokens_text();
  Result<std::string> secrets_text();
  /// The body of the answer to a call of what is at `path` ("/secrets") of the cluster.
  Result<std::string> ask(std::string method, const std::string& path, std::string body = "");

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
  FleetClient(HubClient& hub, model::Cluster cluster) : hub_(hub), cluster_(std::move(cluster)) {}
  std::string path_of(const std::string& path) const;

  HubClient& hub_;
  model::Cluster cluster_;
};

}  // namespace ostler::cli
