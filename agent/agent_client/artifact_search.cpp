// SPDX-License-Identifier: Apache-2.0
#include "agent_client/artifact_search.hpp"

#include "agent_client/path.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::agent_client {

// Keys in alphabetical order, those without a value left out.
std::string artifact_search_path(const ArtifactQuery& query) {
  std::string path = "builds/" + path_segment(query.build) + "/artifacts/search?";
  if (query.include_duplicates) path += "include_duplicates=true&";
  if (query.include_retried_jobs) path += "include_retried_jobs=true&";
  path += "query=" + wire::percent_encode(query.glob);
  if (!query.step.empty()) path += "&scope=" + wire::percent_encode(query.step);
  return path + "&state=finished";
}

}  // namespace ostler::agent_client
