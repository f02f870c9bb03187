// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>

#include "model/job_state.hpp"

namespace ostler::store {

/// How things stand in the store at one moment, for monitors.
struct Levels {
  std::map<model::JobState, std::int64_t> jobs;  ///< states of jobs that are not over
  std::int64_t connected_agents = 0;
  std::int64_t commits = 0;   ///< since the store was opened
  std::int64_t commands = 0;  ///< committed by them
};

}  // namespace ostler::store
