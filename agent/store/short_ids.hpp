// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/uuid_prefix.hpp"

namespace ostler::store {

/// Which builds and jobs have ids that begin so.
struct FindShortId {
  UuidPrefix prefix;
  std::int64_t most = 5;  ///< of each
};

/// Each in the order of the ids.
struct ShortIdMatches {
  std::vector<BuildId> builds;
  std::vector<JobId> jobs;
};

}  // namespace ostler::store
