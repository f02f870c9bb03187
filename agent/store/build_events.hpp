// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/uuid.hpp"
#include "model/build_event.hpp"
#include "model/build_state.hpp"

// What has happened to a build, in order. An event is written in the transaction that makes it
// happen and lasts as long as its build.
namespace ostler::store {

struct ReadBuildEvents {
  BuildId build;
  std::int64_t after = 0;  ///< the number of an event; 0: from the first
  std::int64_t limit = 200;
};
struct BuildEventSlice {
  std::vector<model::BuildEvent> events;
  std::int64_t last = 0;  ///< the number of the build's last event; 0: it has none
  model::BuildState state = model::BuildState::Scheduled;  ///< at that event or later
};

}  // namespace ostler::store
