// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/uuid.hpp"

// Locks of a cluster that jobs hold, by name. Who waits longest has it next; the end of a job frees
// what it holds and ends its waits, in the same transaction.
namespace ostler::store {

/// Locks that a job holds or waits for at once.
inline constexpr std::int64_t kMostLocksOfJob = 64;
/// The same with those that it has given up in the last ten minutes.
inline constexpr std::int64_t kMostLockWishes = 1'000;

/// One wish of one job, by a name that the job makes.
struct LockWish {
  JobId job;
  std::string request{};
};

struct TakeLock {
  LockWish wish;
  std::string name{};
  Timestamp now{};
};

/// What has become of a wish.
struct LockStanding {
  /// Of who holds it, greater than those of all holders before; none: it waits.
  std::optional<std::int64_t> fence{};
  std::optional<JobId> holder{};  ///< for whom it waits
  std::int64_t ahead = 0;         ///< others who wait and come first
};

/// Gives up what a wish has come to: a wait, or the lock.
struct LeaveLock {
  LockWish wish;
  Timestamp now{};
};

}  // namespace ostler::store
