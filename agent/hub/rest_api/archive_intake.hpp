// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>

#include "hub/blocking_pool.hpp"

namespace ostler::rest_api {

/// Bounds what archives of plugins take of a hub that has builds to run: so many are on their way
/// at once, and one at a time is looked at, on a thread of its own. Thread-safe.
class ArchiveIntake {
 public:
  /// Each is on the disk while it comes.
  static constexpr int kAtOnce = 4;

  /// Of an archive until it is kept or refused.
  class Place {
   public:
    explicit Place(std::atomic<int>& taken) : taken_(&taken) {}

   private:
    struct Leave {
      void operator()(std::atomic<int>* taken) const { --*taken; }
    };
    std::unique_ptr<std::atomic<int>, Leave> taken_;
  };
  /// Errors: Unavailable (retryable) when all places are taken.
  Result<Place> enter();

  /// Reads one archive after the other.
  hub::BlockingPool& thread() { return thread_; }

 private:
  std::atomic<int> taken_ = 0;
  hub::BlockingPool thread_{1};
};

}  // namespace ostler::rest_api
