// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

// What a running agent tells about itself on its own machine: over its control socket
// (`ostler agent list`) and its health server.
namespace ostler::wire {

enum class LocalState : std::uint8_t {
  Starting,  ///< not registered yet
  Idle,
  Paused,  ///< by the server, or here
  Busy,    ///< with a job
  Lost,    ///< its last heartbeat failed
};
/// "idle". Never an unknown text.
std::string_view to_string(LocalState state);

/// One place where a job can run.
struct LocalSlot {
  int number = 1;
  std::string name;  ///< as the server gave it; empty: not registered yet
  std::string agent_id;
  LocalState state = LocalState::Starting;
  std::string job;                 ///< id; empty: none
  std::optional<Timestamp> since;  ///< when the state began
};

struct LocalAgent {
  std::int64_t pid = 0;
  bool is_paused = false;  ///< on this machine, until it is resumed here
  std::vector<LocalSlot> slots;
};
std::string encode(const LocalAgent& agent);
/// Errors: Protocol.
Result<LocalAgent> decode_local_agent(std::string_view json);

/// Every agent of a list, as an array.
std::string encode(const std::vector<LocalAgent>& agents);

/// The body of `/status.json`, in the genuine agent's shape. Source: job-lifecycle 10.2.
std::string encode_health(const LocalAgent& agent);

}  // namespace ostler::wire
