// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/uuid.hpp"
#include "model/pipeline_definition.hpp"
#include "pipeline/before.hpp"
#include "pipeline/fault_list.hpp"
#include "pipeline/plan.hpp"

namespace ostler::pipeline {

/// A step that a build has already and a key for it: its own, or its group's.
struct PresentStep {
  StepId id;
  std::string key;
  /// It runs after everything that the uploading job uploads, so nothing of that can wait for it.
  bool waits_for_upload = false;
};

/// Where in a build an upload goes: right behind the uploading step and what its job uploaded
/// before.
struct UploadSite {
  StepId uploader;
  std::vector<PresentStep>
      keyed_steps;  ///< all steps of the build that have a key, by each of them
  Before<StepId> before{};
};

/// A dependency on a step that the build has already.
struct PresentEdge {
  StepId step;
  bool allow_failure = false;  ///< as in Edge

  friend bool operator==(const PresentEdge&, const PresentEdge&) = default;
};

struct UploadedStep {
  PlannedStep planned;                            ///< its dependencies are steps of the same upload
  std::vector<PresentEdge> present_dependencies;  ///< each step at most once; sorted by step
};

struct UploadPlan {
  model::Variables env{};
  std::vector<UploadedStep> steps{};
  std::vector<model::GroupDefinition> groups{};
};

/// Works out who waits for whom when the steps come into the build at `site`: each waits for the
/// uploading step, and else as `plan` says, the steps before the place counting as before it.
/// Errors: UserFault with every fault: a key that is taken, a `depends_on` that names no step or
/// one that waits for this upload, steps that wait for each other in a circle.
/// Source: reference/pipeline-yaml.md 2.5, 19, 24.
Result<UploadPlan> plan_upload(model::PipelineDefinition definition, const UploadSite& site,
                               std::string_view name = "pipeline");
/// The same for a caller that has other faults of the upload too, which names them by the step:
/// there is a plan when there are none of either.
std::optional<UploadPlan> plan_upload(model::PipelineDefinition definition, const UploadSite& site,
                                      FaultList& faults);

}  // namespace ostler::pipeline
