// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <utility>

#include "base/guarded.hpp"
#include "base/uuid.hpp"
#include "hub/repository_endpoint.hpp"

namespace ostler::hub {

/// Which server each job asked for a token for last, as agents send the body of a call that they
/// repeat once only. In memory: after a restart such a repeat is refused. Thread-safe.
class AskedRepositories {
 public:
  static constexpr std::size_t kMostRemembered = 1000;

  void remember(JobId job, const RepositoryEndpoint& endpoint);
  std::optional<RepositoryEndpoint> last_of(JobId job);

 private:
  using Asked = std::deque<std::pair<JobId, RepositoryEndpoint>>;

  Guarded<Asked> asked_;  ///< the newest last, each job once
};

}  // namespace ostler::hub
