// SPDX-License-Identifier: Apache-2.0
#include "hub/triggered_request.hpp"

#include "model/variables.hpp"
#include "pipeline/branch_filter.hpp"

namespace ostler::hub {
namespace {

std::string first_of(const std::string& one, const std::string& other) {
  return one.empty() ? other : one;
}

}  // namespace

Result<void> check_may_trigger(const TriggeringJob& from, const model::Pipeline& target) {
  if (target.cluster != from.pipeline.cluster) {
    return Error(Errc::UserFault, "pipeline \"" + target.settings.slug +
                                      "\" is in another cluster; only pipelines of one cluster "
                                      "may trigger each other");
  }
  const std::string branch =
      first_of(from.job.step.trigger->branch, target.settings.default_branch);
  if (pipeline::matches_branch(target.settings.branch_configuration, branch)) return success();
  return Error(Errc::UserFault, "pipeline \"" + target.settings.slug + "\" builds no branch \"" +
                                    branch + "\"; its branch filter is \"" +
                                    target.settings.branch_configuration + "\"");
}

model::BuildRequest triggered_request(const TriggeringJob& from, const model::Pipeline& target) {
  const model::Trigger& trigger = *from.job.step.trigger;
  const model::Variation& variation = from.job.variation;
  model::BuildRequest request;
  request.branch = first_of(trigger.branch, target.settings.default_branch);
  request.commit = first_of(trigger.commit, "HEAD");
  request.message = first_of(trigger.message, from.job.step.label);
  request.env = trigger.env;
  request.author = from.build.request.author;
  if (variation.parallel_index) {
    request.env = model::overlaid(
        std::move(request.env),
        {{"BUILDKITE_PARALLEL_JOB", std::to_string(*variation.parallel_index)},
         {"BUILDKITE_PARALLEL_JOB_COUNT", std::to_string(variation.parallel_total.value_or(1))}});
  }
  return request;
}

model::BuildOrigin origin_of(const TriggeringJob& from) {
  return {.id = from.build.id,
          .number = from.build.number,
          .pipeline = from.pipeline.settings.slug,
          .job = from.job.id};
}

}  // namespace ostler::hub
