// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "model/job_state.hpp"

namespace ostler::store {

/// How things stand in the store at one moment, for monitors.
struct Levels {
  std::map<model::JobState, std::int64_t> jobs;  ///< states of jobs that are not over
  std::int64_t connected_agents = 0;
  std::int64_t commits = 0;   ///< since the store was opened
  std::int64_t commands = 0;  ///< committed by them
};

/// How busy a queue is.
struct QueueLevels {
  std::string key{};
  std::int64_t idle_agents = 0;
  std::int64_t busy_agents = 0;
  std::int64_t scheduled = 0;  ///< jobs that are ready for an agent
  std::int64_t running = 0;    ///< jobs that an agent has
  std::int64_t waiting = 0;    ///< jobs behind a dependency
};

}  // namespace ostler::store
