// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "cli/run_plan.hpp"
#include "console/pipeline_faults.hpp"
#include "files/file.hpp"
#include "hub/rest_api/build_plan.hpp"
#include "model/variables.hpp"
#include "pipeline/parse.hpp"
#include "pipeline/print.hpp"

namespace ostler::cli {
namespace {

constexpr std::size_t kLargestPipelineFile = 4u << 20;

/// What the hub itself would let the pipeline use, as far as it is known before the build is made.
model::Variables variables_of(const git::Snapshot& snapshot, const std::string& repository) {
  model::Organization organization;
  organization.slug = "ostler";
  model::Pipeline pipeline;
  pipeline.settings.name = pipeline.settings.slug = "run";
  pipeline.settings.repository = repository;
  model::BuildRequest request;
  request.commit = snapshot.commit;
  request.branch = snapshot.branch;
  request.message = snapshot.subject;
  const model::User nobody;
  model::Variables variables = rest_api::build_variables({.organization = organization,
                                                          .pipeline = pipeline,
                                                          .request = request,
                                                          .creator = nobody,
                                                          .public_url = ""});
  // It is the only build that the hub of the run will have.
  return model::overlaid(std::move(variables), {{"BUILDKITE_BUILD_NUMBER", "1"}});
}

bool has_command(const model::PipelineDefinition& definition) {
  return std::ranges::any_of(definition.steps, [](const model::StepDefinition& step) {
    return step.kind == model::StepKind::Command;
  });
}

bool drop_agents(model::PipelineDefinition& definition) {
  bool had_any = false;
  for (model::StepDefinition& step : definition.steps) {
    had_any |= !std::exchange(step.agent_query_rules, {}).empty();
  }
  return had_any;
}

}  // namespace

Result<RunPlan> plan_run_of_file(const std::filesystem::path& file, const git::Snapshot& snapshot,
                                 const std::string& repository) {
  auto text = files::read_file(file, kLargestPipelineFile);
  if (!text) return Error(Errc::UserFault, "pipeline: " + text.error().message());
  pipeline::FaultList faults(file.string());
  auto parsed = pipeline::parse(text.value(), variables_of(snapshot, repository), faults);
  if (!parsed) return console::shown_faults(faults, text.value());
  model::PipelineDefinition& definition = *parsed;
  if (!has_command(definition)) {
    return Error(Errc::UserFault, file.string() + " has no command to run; add a command step");
  }
  RunPlan plan{.title = file.string(),
               .configuration = {},
               .repository = repository,
               .build = {snapshot.commit, snapshot.branch, snapshot.subject},
               .changed_files = snapshot.changed_files};
  if (drop_agents(definition)) {
    plan.notes.emplace_back("\"agents\" is ignored: every step runs on this machine");
  }
  plan.configuration = pipeline::print(definition);
  return plan;
}

}  // namespace ostler::cli
