// SPDX-License-Identifier: Apache-2.0
#include "artifact/search.hpp"

#include "agent_client/ask.hpp"
#include "agent_client/path.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::artifact {
namespace {

// Keys in alphabetical order, those without a value left out.
std::string search_path(const std::string& query, const SearchOptions& options) {
  std::string path = "builds/" + agent_client::path_segment(options.build) + "/artifacts/search?";
  if (options.include_duplicates) path += "include_duplicates=true&";
  if (options.include_retried_jobs) path += "include_retried_jobs=true&";
  path += "query=" + wire::percent_encode(query);
  if (!options.step.empty()) path += "&scope=" + wire::percent_encode(options.step);
  return path + "&state=finished";
}

}  // namespace

Result<std::vector<wire::Artifact>> search(const std::string& query, const SearchOptions& options,
                                           agent_client::Transport& transport, const Tell& tell) {
  if (options.build.empty()) {
    return Error(Errc::UserFault, "no build: set BUILDKITE_BUILD_ID or give --build");
  }
  return agent_client::ask_for(
      transport, "search artifacts", {"GET", search_path(query, options), "", ""},
      agent_client::policy::kArtifactSearch, agent_client::RetryClock::telling(tell),
      [](const std::string& body) { return wire::decode_artifacts(body); });
}

}  // namespace ostler::artifact
