// SPDX-License-Identifier: Apache-2.0
#include "hub/line_budget.hpp"

namespace ostler::hub {

std::optional<std::int64_t> LineBudget::take(AgentId agent, std::string_view kind) {
  const auto now = clock_.since_boot();
  return lines_.with([&](Lines& lines) -> std::optional<std::int64_t> {
    const auto found = lines.find({agent, kind});
    if (found != lines.end() && now - found->second.at < kPause) {
      ++found->second.held_back;
      return std::nullopt;
    }
    if (found != lines.end()) return std::exchange(found->second, Written{now, 0}).held_back;
    if (lines.size() >= kMostRemembered) {
      std::erase_if(lines, [&](const auto& line) { return now - line.second.at >= kPause; });
    }
    if (lines.size() >= kMostRemembered) return std::nullopt;
    lines.emplace(std::pair(agent, kind), Written{now, 0});
    return 0;
  });
}

}  // namespace ostler::hub
