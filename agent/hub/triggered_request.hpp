// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "model/build.hpp"
#include "model/job.hpp"
#include "model/pipeline.hpp"

namespace ostler::hub {

/// The job of a trigger step, and where it stands.
struct TriggeringJob {
  const model::Job& job;
  const model::Build& build;
  const model::Pipeline& pipeline;
};

/// Whether that job may have a build of `target`: both are of one cluster, which is the border that
/// secrets and agents do not pass. Errors: UserFault.
Result<void> check_may_trigger(const TriggeringJob& from, const model::Pipeline& target);

/// What the job asks for, with what it leaves to `target` and to its own build.
/// Source: reference/pipeline-yaml.md 6.
model::BuildRequest triggered_request(const TriggeringJob& from, const model::Pipeline& target);

/// How the build shows where it comes from.
model::BuildOrigin origin_of(const TriggeringJob& from);

}  // namespace ostler::hub
