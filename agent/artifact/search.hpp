// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "agent_client/transport.hpp"
#include "artifact/find.hpp"
#include "base/result.hpp"
#include "wire/agent_api_artifacts.hpp"

namespace ostler::artifact {

struct SearchOptions {
  std::string build;  ///< the build's id
  std::string step;   ///< key, label or job id; empty: the whole build
  bool include_retried_jobs = false;
  bool include_duplicates = false;  ///< all of one path, not only the newest
};

/// The finished artifacts of a build whose paths the glob `query` matches. Blocks.
/// Errors: UserFault without a build; those of the transport and of
/// agent_client::error_of_status.
Result<std::vector<wire::Artifact>> search(const std::string& query, const SearchOptions& options,
                                           agent_client::Transport& transport, const Tell& tell);

}  // namespace ostler::artifact
