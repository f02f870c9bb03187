// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/build_parts.hpp"

#include <algorithm>

#include "wire/rest_build.hpp"
#include "wire/rest_json.hpp"

namespace ostler::rest_api {
namespace {

bool is_wanted(const model::Job& job, const BuildView& view) {
  const bool is_of_agents = job.step.kind == model::StepKind::Command;
  if (is_of_agents && std::ranges::find(view.left_out, job.queue) != view.left_out.end()) {
    return false;
  }
  return view.job_states.empty() ||
         std::ranges::find(view.job_states, wire::rest_job_state(job)) != view.job_states.end();
}

std::string jobs_text(const std::vector<model::Job>& jobs, const BuildParts& parts,
                      const wire::RestBuildAddress& build, const BuildView& view,
                      const wire::RestUrls& urls) {
  std::vector<std::string> items;
  for (const model::Job& job : jobs) {
    if (!is_wanted(job, view)) continue;
    items.push_back(wire::encode_rest_job(job, agent_of(job, parts.agents), build, urls));
  }
  return wire::json_array(items);
}

}  // namespace

std::string build_text(const model::Build& build, const BuildParts& parts, const BuildView& view,
                       const wire::RestUrls& urls) {
  const model::Pipeline& pipeline = parts.pipelines.at(build.pipeline);
  const wire::RestBuildAddress address{pipeline.settings.slug, build.number, pipeline.cluster};
  const auto found = parts.jobs.find(build.id);
  const std::vector<model::Job> none;
  const std::vector<model::Job>& jobs = found == parts.jobs.end() ? none : found->second;
  wire::RestBuildParts texts;
  if (view.jobs) texts.jobs = jobs_text(jobs, parts, address, view, urls);
  if (view.job_counts) texts.job_state_counts = wire::encode_rest_job_counts(jobs);
  if (view.pipeline) texts.pipeline = parts.pipeline_texts.at(build.pipeline);
  texts.test_engine = view.test_engine;
  texts.retried_jobs_count = view.retried_jobs_count;
  return wire::encode_rest_build(build, pipeline, texts, urls);
}

Lookup<void> add_pipeline(const Backend& backend, model::Pipeline pipeline, const BuildView& view,
                          const wire::RestUrls& urls, BuildParts& parts) {
  if (view.pipeline) {
    OSTLER_CO_TRY(std::string text, co_await pipeline_json(backend, pipeline, urls));
    parts.pipeline_texts.emplace(pipeline.id, std::move(text));
  }
  parts.pipelines.emplace(pipeline.id, std::move(pipeline));
  co_return success();
}

Lookup<void> set_jobs(const Backend& backend, std::vector<model::Job> jobs, BuildParts& parts) {
  OSTLER_CO_TRY(parts.agents, co_await agents_of(backend, jobs));
  parts.jobs.clear();
  for (model::Job& job : jobs) parts.jobs[job.step.build].push_back(std::move(job));
  co_return success();
}

}  // namespace ostler::rest_api
