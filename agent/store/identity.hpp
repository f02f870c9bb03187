// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/uuid.hpp"
#include "model/agent.hpp"
#include "model/build.hpp"
#include "model/pipeline.hpp"

// Who may call: tokens, sessions of agents, users. Tokens are stored as SHA-256 hashes only.
namespace ostler::store {

/// The holder of an agent token may register agents in a cluster.
struct AgentTokenHolder {
  TokenId token;
  OrganizationId organization;
  ClusterId cluster;
  std::string description{};
  std::string allowed_ip_addresses{};  ///< networks, a space apart; empty: every address
};
/// The holder of a session token is one agent.
struct SessionHolder {
  AgentId agent;
  std::string instance{};  ///< where that agent lives, as it said; empty: it did not
};
/// The holder of a job token acts for one job and the agent that accepted it.
struct JobHolder {
  JobId job;
  BuildId build;
  AgentId agent;
  std::string instance{};  ///< of that agent, as for a session
  bool is_over = false;    ///< the job has ended
};
/// The holder of an API token is a user, limited to some scopes.
struct ApiHolder {
  TokenId token;
  OrganizationId organization;
  model::User user;
  std::string description{};
  std::vector<std::string> scopes{};  ///< "read_builds", sorted
  Timestamp created_at{};
  std::optional<Timestamp> expires_at{};  ///< none: never
};
using Principal = std::variant<AgentTokenHolder, SessionHolder, JobHolder, ApiHolder>;

/// The tokens of the first start. Their texts can be had from the store never again.
struct FirstStartTokens {
  Secret agent_token;
  Secret api_token;
};
/// Fresh ones, for a caller that keeps them safe before the store knows them.
FirstStartTokens make_first_start_tokens();

struct FirstStart {
  Timestamp now;
  std::vector<std::string> api_scopes{};     ///< of the API token
  std::optional<FirstStartTokens> tokens{};  ///< none: fresh ones
  std::string organization = "ostler";       ///< slug
};

/// A new token for the first user of an organization.
struct CreateApiToken {
  OrganizationId organization;
  std::string description{};
  std::vector<std::string> scopes{};
  std::optional<Timestamp> expires_at{};
  Timestamp now{};
};

/// An API token without its text.
struct ApiToken {
  TokenId id;
  std::string description{};
  std::vector<std::string> scopes{};  ///< sorted
  Timestamp created_at{};
  std::optional<Timestamp> expires_at{};
};

struct RegisterAgent {
  AgentTokenHolder holder;
  model::AgentDescription description;
  /// How long it may be silent before its job is given up: lease_seconds for an agent that was
  /// told, a default for others.
  std::chrono::seconds lease{600};
  bool takes_lease_of_queue = true;  ///< when its queue has one; false: an agent that is not told
  std::string instance{};            ///< where it lives; empty: it did not say
  Timestamp now{};
};
struct RegisteredAgent {
  model::Agent agent;
  Secret session_token;
};

/// A change of one session's connection, or a sign of life.
struct AgentSignal {
  AgentId agent;
  Timestamp now{};
};

/// Gives an agent no more jobs, until it is resumed or `duration` has passed. A second pause
/// replaces note and duration.
struct PauseAgent {
  AgentId agent;
  std::string note{};
  std::optional<std::chrono::minutes> duration{};
  Timestamp now{};
};

/// Asks an agent to disconnect.
struct StopAgent {
  AgentId agent;
  bool force = false;  ///< and cancels its job, instead of letting it end
  Timestamp now{};
};

/// Connected agents, newest first.
struct AgentFilter {
  OrganizationId organization;
  std::string name{};      ///< exact; empty: any
  std::string hostname{};  ///< exact; empty: any
  std::string version{};   ///< exact; empty: any
  std::optional<QueueId> queue{};
  std::optional<bool> has_job{};    ///< none: both
  std::optional<bool> is_paused{};  ///< none: both
};

/// Ends an API token, which nobody wants any longer.
struct DeleteApiToken {
  TokenId token;
};

}  // namespace ostler::store
