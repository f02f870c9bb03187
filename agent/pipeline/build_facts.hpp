// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/build.hpp"
#include "model/pipeline.hpp"

namespace ostler::pipeline {

/// What is known of a build when it gets steps: what decides which of them run.
struct BuildFacts {
  model::Organization organization;
  model::Pipeline pipeline;
  model::Build build;
  model::Variables env;  ///< the pipeline's, below the build's own
};

}  // namespace ostler::pipeline
