// SPDX-License-Identifier: Apache-2.0
#include "hub/asked_repositories.hpp"

#include <algorithm>

namespace ostler::hub {

void AskedRepositories::remember(JobId job, const RepositoryEndpoint& endpoint) {
  asked_.with([&](Asked& asked) {
    std::erase_if(asked, [&](const auto& known) { return known.first == job; });
    if (asked.size() >= kMostRemembered) asked.pop_front();
    asked.emplace_back(job, endpoint);
  });
}

std::optional<RepositoryEndpoint> AskedRepositories::last_of(JobId job) {
  return asked_.with([&](Asked& asked) -> std::optional<RepositoryEndpoint> {
    const auto known = std::ranges::find(asked, job, &Asked::value_type::first);
    if (known == asked.end()) return std::nullopt;
    return known->second;
  });
}

}  // namespace ostler::hub
