// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace ostler::uplink {

/// When a job's output is cut into chunks: a full one at once, less than that no sooner than
/// `first`, then once an interval, and the rest at once when the job has ended. Pure: told the
/// time.
class ChunkPlan {
 public:
  using Time = std::chrono::nanoseconds;  ///< of any clock that does not jump

  /// Requires: `chunk_size` at least 1.
  ChunkPlan(std::uint64_t chunk_size, Time interval, Time first)
      : chunk_size_(chunk_size), interval_(interval), next_(first) {}

  /// Size of the chunk to cut now from `pending` uncut bytes; 0: not yet.
  std::uint64_t due(std::uint64_t pending, bool ended, Time now) const;
  /// When output that waits is due at the latest; none when nothing waits.
  std::optional<Time> due_at(std::uint64_t pending) const;
  /// Says that a chunk was cut. `spread` in [0, 1) keeps jobs from cutting in step.
  void cut(Time now, double spread);

 private:
  std::uint64_t chunk_size_;
  Time interval_;
  Time next_;
};

}  // namespace ostler::uplink
