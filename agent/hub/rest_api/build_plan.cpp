// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/build_plan.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "console/pipeline_faults.hpp"
#include "model/job_environment.hpp"
#include "model/step_jobs.hpp"
#include "model/variables.hpp"
#include "pipeline/graph_check.hpp"
#include "pipeline/parse.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::string_view kFile = "pipeline.yml";

/// Standard variables that every job of a build has alike and that are known before it is made.
constexpr std::array<std::string_view, 26> kKnownBefore = {
    "BUILDKITE",
    "BUILDKITE_BRANCH",
    "BUILDKITE_BUILD_AUTHOR",
    "BUILDKITE_BUILD_AUTHOR_EMAIL",
    "BUILDKITE_BUILD_CREATOR",
    "BUILDKITE_BUILD_CREATOR_EMAIL",
    "BUILDKITE_COMMIT",
    "BUILDKITE_MESSAGE",
    "BUILDKITE_ORGANIZATION_ID",
    "BUILDKITE_ORGANIZATION_SLUG",
    "BUILDKITE_PIPELINE_DEFAULT_BRANCH",
    "BUILDKITE_PIPELINE_ID",
    "BUILDKITE_PIPELINE_NAME",
    "BUILDKITE_PIPELINE_PROVIDER",
    "BUILDKITE_PIPELINE_SLUG",
    "BUILDKITE_PULL_REQUEST",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
    "BUILDKITE_PULL_REQUEST_REPO",
    "BUILDKITE_REBUILT_FROM_BUILD_ID",
    "BUILDKITE_REBUILT_FROM_BUILD_NUMBER",
    "BUILDKITE_REPO",
    "BUILDKITE_SOURCE",
    "BUILDKITE_TAG",
    "BUILDKITE_TRIGGERED_FROM_BUILD_ID",
    "BUILDKITE_TRIGGERED_FROM_BUILD_NUMBER",
    "BUILDKITE_TRIGGERED_FROM_BUILD_PIPELINE_SLUG",
};

constexpr std::array<std::string_view, 3> kKnownLater = {
    "BUILDKITE_BUILD_ID",
    "BUILDKITE_BUILD_NUMBER",
    "BUILDKITE_BUILD_URL",
};

/// Source: pipeline-yaml, 12: the step's own, else the pipeline's default, below its maximum.
void limit_time(model::StepDefinition& step, const model::PipelineSettings& settings) {
  if (step.kind != model::StepKind::Command) return;
  auto& minutes = step.timeout_in_minutes;
  if (!minutes) minutes = settings.default_command_step_timeout;
  const auto most = settings.maximum_command_step_timeout;
  if (most) minutes = std::min(minutes.value_or(*most), *most);
}

/// A fault at the step that is one too many.
void check_jobs(const model::PipelineDefinition& definition, std::size_t most,
                pipeline::FaultList& faults) {
  std::size_t jobs = 0;
  const model::StepDefinition* beyond = nullptr;
  for (const model::StepDefinition& step : definition.steps) {
    jobs += model::count_jobs(step);
    if (jobs > most && beyond == nullptr) beyond = &step;
  }
  if (beyond == nullptr) return;
  faults.add(beyond->at, "the build would have " + std::to_string(jobs) + " jobs, more than " +
                             std::to_string(most) +
                             " from this step on; divide it into several builds");
}

}  // namespace

model::Variables build_variables(const PlannedBuild& build) {
  model::JobSurroundings surroundings;
  surroundings.organization = build.organization;
  surroundings.pipeline = build.pipeline;
  surroundings.build.request = build.request;
  surroundings.build.request.env.clear();
  surroundings.build.creator = build.creator;
  surroundings.build.source = build.source;
  surroundings.build.triggered_from = build.triggered_from;
  surroundings.build.rebuilt_from = build.rebuilt_from;
  surroundings.public_url = build.public_url;
  model::Variables standard;
  for (auto& [name, value] : model::render_job_environment(surroundings)) {
    if (std::ranges::binary_search(kKnownBefore, name)) standard.emplace_back(name, value);
  }
  for (const std::string_view name : kKnownLater) {
    standard.emplace_back(name, "${" + std::string(name) + "}");
  }
  return model::overlaid(std::move(standard), build.request.env);
}

Result<pipeline::Plan> plan_build(const PlannedBuild& build) {
  const model::PipelineSettings& settings = build.pipeline.settings;
  const model::Variables variables = model::overlaid(settings.env, build_variables(build));
  pipeline::FaultList faults(kFile);
  auto parsed = pipeline::parse(settings.configuration, variables, faults);
  if (!parsed) return console::shown_faults(faults, settings.configuration);
  model::PipelineDefinition& definition = *parsed;
  definition.env = model::overlaid(settings.env, definition.env);
  for (model::StepDefinition& step : definition.steps) limit_time(step, settings);
  check_jobs(definition, build.most_jobs, faults);
  if (!faults.empty()) return console::shown_faults(faults, settings.configuration);
  auto plan = pipeline::plan(std::move(definition), faults);
  if (!plan) return console::shown_faults(faults, settings.configuration);
  return std::move(*plan);
}

Error shown_refusal(Error refusal, const model::Pipeline& pipeline) {
  if (refusal.code() != Errc::UserFault) return refusal;
  return console::shown_faults(refusal, kFile, pipeline.settings.configuration);
}

}  // namespace ostler::rest_api
