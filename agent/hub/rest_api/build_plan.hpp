// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "model/build.hpp"
#include "model/pipeline.hpp"
#include "pipeline/plan.hpp"

namespace ostler::rest_api {

/// A build that is asked for and has neither number nor steps yet.
struct PlannedBuild {
  const model::Organization& organization;
  const model::Pipeline& pipeline;
  const model::BuildRequest& request;
  const model::User& creator;
  const std::string& public_url;
  model::BuildSource source = model::BuildSource::Api;
  std::optional<model::BuildOrigin> triggered_from{};
  std::optional<model::BuildOrigin> rebuilt_from{};
  std::size_t most_jobs = 4'000;  ///< waits counted
};

/// The variables that a pipeline's configuration may use: the standard ones that are known before
/// the build is made, below the build's own. The others (the build's id, number and address) stand
/// for themselves, so that the shell of the job fills them in.
model::Variables build_variables(const PlannedBuild& build);

/// The steps that the pipeline's configuration has for this build, with the pipeline's environment
/// and the pipeline's limits on the time of a step.
/// Errors: UserFault with every fault of the configuration, or when it has too many jobs.
Result<pipeline::Plan> plan_build(const PlannedBuild& build);

/// What the store has against a build of this pipeline, for people: what is wrong with the
/// configuration is shown in it. Other errors stay as they are.
Error shown_refusal(Error refusal, const model::Pipeline& pipeline);

}  // namespace ostler::rest_api
