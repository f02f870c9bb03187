// SPDX-License-Identifier: Apache-2.0
#include "artifact/search.hpp"

#include "agent_client/call_with_retries.hpp"
#include "agent_client/path.hpp"
#include "agent_client/status_error.hpp"
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
                                           agent_client::Transport& transport) {
  if (options.build.empty()) {
    return Error(Errc::UserFault, "no build: set BUILDKITE_BUILD_ID or give --build");
  }
  OSTLER_TRY(const auto answer, agent_client::call_with_retries(
                                    transport, {"GET", search_path(query, options), "", ""},
                                    agent_client::policy::kArtifactSearch));
  if (answer.status < 200 || answer.status > 299) {
    return agent_client::error_of_status("search artifacts", answer.status, answer.body);
  }
  return wire::decode_artifacts(answer.body);
}

}  // namespace ostler::artifact
