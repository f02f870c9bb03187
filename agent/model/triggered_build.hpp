// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/uuid.hpp"
#include "model/build_state.hpp"

namespace ostler::model {

/// The build that the job of a trigger step has made.
struct TriggeredBuild {
  BuildId id;
  std::int64_t number = 0;
  std::string pipeline;  ///< its slug
  BuildState state = BuildState::Scheduled;
};

}  // namespace ostler::model
