// SPDX-License-Identifier: Apache-2.0
#include "wire/end_cause.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ostler::wire {
namespace {

using model::EndCause;

constexpr std::array<std::pair<EndCause, std::string_view>, 8> kWords = {{
    {EndCause::OutOfMemory, "out_of_memory"},
    {EndCause::DiskFull, "disk_full"},
    {EndCause::WorkerLost, "worker_lost"},
    {EndCause::KeeperLost, "keeper_lost"},
    {EndCause::HostRestarted, "host_restarted"},
    {EndCause::PluginCrashed, "plugin_crashed"},
    {EndCause::AgentLost, "agent_lost"},
    {EndCause::NotStarted, "not_started"},
}};

}  // namespace

std::string_view end_cause_word(std::optional<EndCause> cause) {
  if (!cause) return {};
  return std::ranges::find(kWords, *cause, &decltype(kWords)::value_type::first)->second;
}

std::optional<EndCause> end_cause_of(std::string_view word) {
  const auto* const found = std::ranges::find(kWords, word, &decltype(kWords)::value_type::second);
  return found == kWords.end() ? std::nullopt : std::optional(found->first);
}

}  // namespace ostler::wire
