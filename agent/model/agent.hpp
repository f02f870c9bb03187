// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/agent_state.hpp"

namespace ostler::model {

/// What an agent tells about itself when it registers.
struct AgentDescription {
  std::string name;
  std::string hostname;
  std::string os;
  std::string arch;
  std::string version;
  std::string build;
  std::string user_agent;
  std::string ip_address;
  std::string machine_id;
  std::vector<std::string> tags;      ///< "key=value" or a bare word, as given
  std::vector<std::string> features;  ///< as given
  std::optional<std::int64_t> priority;
  std::int64_t pid = 0;               ///< 0: not given
  bool ignore_in_dispatches = false;  ///< takes only the job it asks for by id
};

/// That an agent gets no jobs for a while.
struct AgentPause {
  Timestamp since;
  std::string note;                ///< why; may be empty
  std::optional<Timestamp> until;  ///< none: until somebody resumes it
};

/// One session of an agent.
struct Agent {
  AgentId id;
  ClusterId cluster;
  QueueId queue;
  AgentState state = AgentState::Registered;
  AgentDescription description;
  std::chrono::seconds lease{0};  ///< length of its leases
  Timestamp lease_until;          ///< its right to its job ends here unless it is heard again
  std::optional<JobId> job;       ///< the job it holds, until that is finished
  Timestamp created_at;
  std::optional<Timestamp> connected_at;
  std::optional<Timestamp> heartbeat_at;
  std::optional<Timestamp> disconnected_at;
  std::optional<Timestamp> lost_at;
  std::optional<Timestamp> last_job_finished_at;
  std::optional<AgentPause> pause;
  bool stop_requested = false;  ///< it is to disconnect once it is free of its job
};

}  // namespace ostler::model
