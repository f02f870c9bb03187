// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/guarded.hpp"
#include "base/uuid.hpp"

namespace ostler::hub {

/// Keeps agents that repeat what goes wrong from filling the disk with the log: of each agent a
/// line of one kind passes once a minute, and no more than 1,000 lines a minute in all. Those held
/// back are counted. Thread-safe.
class LineBudget {
 public:
  static constexpr std::chrono::minutes kPause{1};
  static constexpr std::size_t kMostRemembered = 1000;

  /// The clock outlives it.
  explicit LineBudget(const Clock& clock) : clock_(clock) {}

  /// Whether such a line may be written now: then how many like it were held back since the last.
  /// `kind` outlives the budget.
  std::optional<std::int64_t> take(AgentId agent, std::string_view kind);

 private:
  struct Written {
    std::chrono::nanoseconds at{0};
    std::int64_t held_back = 0;
  };
  using Lines = std::map<std::pair<AgentId, std::string_view>, Written>;

  const Clock& clock_;
  Guarded<Lines> lines_;
};

}  // namespace ostler::hub
