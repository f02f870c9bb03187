// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ostler::agent_client {

/// Which artifacts of a build are meant.
struct ArtifactQuery {
  std::string glob;   ///< over their paths
  std::string build;  ///< the build's id
  std::string step;   ///< key, label or job id; empty: the whole build
  bool include_retried_jobs = false;
  bool include_duplicates = false;  ///< all of one path, not only the newest
};

/// Path and query of the search, relative to the endpoint.
std::string artifact_search_path(const ArtifactQuery& query);

}  // namespace ostler::agent_client
