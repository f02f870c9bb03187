// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "store/builds.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/paging.hpp"

namespace ostler::store::sqlite {

/// How many jobs one call looks at, and some more: it does not stop within a build.
constexpr std::int64_t kMostJobsRead = 200'000;

/// The builds of one window of a list that leaves out those whose jobs of agents are all in paused
/// queues. What is in paused queues is read one build after the other: no index can follow a queue
/// that is paused and resumed.
/// Errors: UserFault when so many builds are left out that too many of them, or of their jobs,
/// would have to be read.
Result<std::vector<BuildId>> find_shown_builds(Connection& database, const BuildFilter& filter,
                                               const Window& window,
                                               std::int64_t most_jobs_read = kMostJobsRead);

}  // namespace ostler::store::sqlite
