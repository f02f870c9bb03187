// SPDX-License-Identifier: Apache-2.0
#include "uplink/chunk_plan.hpp"

#include <algorithm>

namespace ostler::uplink {

std::uint64_t ChunkPlan::due(std::uint64_t pending, bool ended, Time now) const {
  if (pending >= chunk_size_) return chunk_size_;
  return ended || now >= next_ ? pending : 0;
}

std::optional<ChunkPlan::Time> ChunkPlan::due_at(std::uint64_t pending) const {
  if (pending == 0) return std::nullopt;
  return next_;
}

void ChunkPlan::cut(Time now, double spread) {
  const auto mean = std::chrono::duration<double, std::nano>(interval_);
  next_ = now + std::chrono::duration_cast<Time>(mean * (0.5 + spread));
}

}  // namespace ostler::uplink
