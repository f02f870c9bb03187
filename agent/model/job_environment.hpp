// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "model/agent.hpp"
#include "model/build.hpp"
#include "model/job.hpp"
#include "model/pipeline.hpp"
#include "model/pipeline_definition.hpp"

namespace ostler::model {

/// Everything that a job's environment is made of.
struct JobSurroundings {
  Organization organization;
  Pipeline pipeline;
  Variables pipeline_env;  ///< the pipeline's layer as it was when the build was made
  Build build;             ///< holds the build's layer
  Job job;                 ///< holds the step's layer
  std::optional<Agent> agent;
  std::optional<User> unblocker;  ///< who opened the last gate before the job could run
  std::string public_url;         ///< base of URLs, without a slash at its end
};

/// The environment that a server gives to a job, sorted by name. Later layers win: pipeline, build,
/// step, then the standard variables. What the agent sets itself is not in it.
/// Source: reference/agent-api.md 9.2, reference/pipeline-yaml.md 14.1.
Variables render_job_environment(const JobSurroundings& surroundings);

/// The address of a build for people: "<base>/<organization>/<pipeline>/builds/<number>".
std::string build_web_url(const JobSurroundings& surroundings);

}  // namespace ostler::model
