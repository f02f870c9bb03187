// SPDX-License-Identifier: Apache-2.0
#include "pipeline/plan.hpp"

#include <utility>

#include "model/step_jobs.hpp"
#include "pipeline/circle_check.hpp"
#include "pipeline/fault_list.hpp"
#include "pipeline/graph_check.hpp"
#include "pipeline/step_edges.hpp"
#include "pipeline/step_keys.hpp"

namespace ostler::pipeline {

std::size_t count_jobs(const Plan& plan) {
  std::size_t count = 0;
  for (const PlannedStep& step : plan.steps) count += model::count_jobs(step.definition);
  return count;
}

namespace {

/// The edges of steps among which there is no fault; else what they are does not matter.
std::vector<std::vector<Edge>> checked_edges(const model::PipelineDefinition& definition,
                                             const KeyPlaces& places, FaultList& faults) {
  StepKeys keys;
  keys.add_all(definition, places, faults);
  check_dependencies(definition, keys, faults);
  auto edges = step_edges(definition, keys, faults);
  check_circles(definition, keys, edges, faults);
  return edges;
}

}  // namespace

void check_graph(const model::PipelineDefinition& definition, const KeyPlaces& places,
                 FaultList& faults) {
  checked_edges(definition, places, faults);
}

void check_graph_of_upload(const model::PipelineDefinition& definition, FaultList& faults) {
  StepKeys keys;
  keys.add_all(definition, {}, faults);
  check_circles(definition, keys, step_edges(definition, keys, faults), faults);
}

std::optional<Plan> plan(model::PipelineDefinition definition, FaultList& faults) {
  auto edges = checked_edges(definition, {}, faults);
  if (!faults.empty()) return std::nullopt;
  Plan plan{.env = std::move(definition.env),
            .groups = std::move(definition.groups),
            .notifications = std::move(definition.notifications)};
  for (std::size_t at = 0; at < edges.size(); ++at) {
    plan.steps.push_back({std::move(definition.steps[at]), std::move(edges[at])});
  }
  return plan;
}

Result<Plan> plan(model::PipelineDefinition definition, std::string_view file) {
  FaultList faults(file);
  auto planned = plan(std::move(definition), faults);
  if (!planned) return faults.error();
  return std::move(*planned);
}

}  // namespace ostler::pipeline
