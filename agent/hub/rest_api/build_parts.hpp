// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hub/rest_api/build_json.hpp"

namespace ostler::rest_api {

/// What build objects are made of, read once for all of a page.
struct BuildParts {
  std::map<PipelineId, model::Pipeline> pipelines;
  std::map<PipelineId, std::string> pipeline_texts;
  std::map<BuildId, std::vector<model::Job>> jobs;
  std::vector<model::Agent> agents;  ///< that hold or held the jobs, sorted by id
};

/// Adds a pipeline; once is enough.
Lookup<void> add_pipeline(const Backend& backend, model::Pipeline pipeline, const BuildView& view,
                          const wire::RestUrls& urls, BuildParts& parts);

/// Adds `jobs` and reads their agents, in place of those that were there.
Lookup<void> set_jobs(const Backend& backend, std::vector<model::Job> jobs, BuildParts& parts);

/// A build object. Requires: its pipeline is among the parts.
std::string build_text(const model::Build& build, const BuildParts& parts, const BuildView& view,
                       const wire::RestUrls& urls);

}  // namespace ostler::rest_api
