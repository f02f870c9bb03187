// SPDX-License-Identifier: Apache-2.0
#include "artifact/search.hpp"

#include "agent_client/artifact_search.hpp"
#include "agent_client/ask.hpp"

namespace ostler::artifact {

Result<std::vector<wire::Artifact>> search(const std::string& query, const SearchOptions& options,
                                           agent_client::Transport& transport, const Tell& tell) {
  if (options.build.empty()) {
    return Error(Errc::UserFault, "no build: set BUILDKITE_BUILD_ID or give --build");
  }
  const std::string path =
      agent_client::artifact_search_path({.glob = query,
                                          .build = options.build,
                                          .step = options.step,
                                          .include_retried_jobs = options.include_retried_jobs,
                                          .include_duplicates = options.include_duplicates});
  return agent_client::ask_for(
      transport, "search artifacts", {"GET", path, "", ""}, agent_client::policy::kArtifactSearch,
      agent_client::RetryClock::telling(tell),
      [](const std::string& body) { return wire::decode_artifacts(body); });
}

}  // namespace ostler::artifact
