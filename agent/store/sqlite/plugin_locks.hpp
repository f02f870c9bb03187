// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "store/plugin_locks.hpp"
#include "store/sqlite/connection.hpp"

// Reads and writes of store/plugin_locks.hpp, as those of commands.hpp and queries.hpp.
namespace ostler::store::sqlite {

Result<LockStanding> take_lock(Connection& database, const TakeLock& command);
Result<LockStanding> load_lock_standing(Connection& database, const LockWish& wish);
Result<std::vector<JobId>> leave_lock(Connection& database, const LeaveLock& command);

/// Frees what a job holds that is over, and ends its waits; the jobs that have a lock now.
Result<std::vector<JobId>> free_locks_of(Connection& database, JobId job);

}  // namespace ostler::store::sqlite
