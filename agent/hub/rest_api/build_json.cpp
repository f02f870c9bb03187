// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/build_json.hpp"

#include <algorithm>
#include <map>

#include "wire/rest_build.hpp"
#include "wire/rest_json.hpp"

namespace ostler::rest_api {
namespace {

/// What the builds of a page share, read once.
struct PageParts {
  std::map<PipelineId, model::Pipeline> pipelines;
  std::map<PipelineId, std::string> pipeline_texts;
  std::map<BuildId, std::vector<model::Job>> jobs;
  std::vector<model::Agent> agents;
};

bool is_wanted(const model::Job& job, const BuildView& view) {
  return view.job_states.empty() ||
         std::ranges::find(view.job_states, wire::rest_job_state(job)) != view.job_states.end();
}

std::string jobs_text(const std::vector<model::Job>& jobs, const PageParts& parts,
                      const wire::RestBuildAddress& build, const BuildView& view,
                      const wire::RestUrls& urls) {
  std::vector<std::string> items;
  for (const model::Job& job : jobs) {
    if (!is_wanted(job, view)) continue;
    items.push_back(wire::encode_rest_job(job, agent_of(job, parts.agents), build, urls));
  }
  return wire::json_array(items);
}

std::string build_text(const model::Build& build, const PageParts& parts, const BuildView& view,
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
  texts.retried_jobs_count = view.retried_jobs_count;
  return wire::encode_rest_build(build, pipeline, texts, urls);
}

Lookup<void> add_pipeline(const Backend& backend, model::Pipeline pipeline, const BuildView& view,
                          const wire::RestUrls& urls, PageParts& parts) {
  if (view.pipeline) {
    OSTLER_CO_TRY(std::string text, co_await pipeline_json(backend, pipeline, urls));
    parts.pipeline_texts.emplace(pipeline.id, std::move(text));
  }
  parts.pipelines.emplace(pipeline.id, std::move(pipeline));
  co_return success();
}

/// Reads the jobs of `builds` and their agents into `parts`.
Lookup<void> add_jobs(const Backend& backend, const std::vector<model::Build>& builds,
                      const BuildView& view, PageParts& parts) {
  store::JobFilter filter;
  filter.include_retried = view.retried_jobs;
  for (const model::Build& build : builds) filter.builds.push_back(build.id);
  if (filter.builds.empty()) co_return success();
  OSTLER_CO_TRY(auto jobs, co_await backend.store.jobs(std::move(filter)));
  OSTLER_CO_TRY(parts.agents, co_await agents_of(backend, jobs));
  for (model::Job& job : jobs) parts.jobs[job.step.build].push_back(std::move(job));
  co_return success();
}

}  // namespace

BuildView BuildView::read(const Query& query) {
  return {.jobs = !query.flag("exclude_jobs", false),
          .pipeline = !query.flag("exclude_pipeline", false),
          .retried_jobs = query.flag("include_retried_jobs", false)};
}

Lookup<std::string> build_json(const Backend& backend, const FoundBuild& found, BuildView view) {
  const wire::RestUrls urls = urls_of(backend, found.organization);
  PageParts parts;
  OSTLER_CO_TRY(co_await add_pipeline(backend, found.pipeline, view, urls, parts));
  if (view.jobs || view.job_counts) {
    const std::vector<model::Build> builds{found.build};
    OSTLER_CO_TRY(co_await add_jobs(backend, builds, view, parts));
  }
  co_return build_text(found.build, parts, view, urls);
}

Lookup<std::vector<std::string>> builds_json(const Backend& backend, wire::RestUrls urls,
                                             std::vector<model::Build> builds, BuildView view) {
  PageParts parts;
  for (const model::Build& build : builds) {
    if (parts.pipelines.contains(build.pipeline)) continue;
    OSTLER_CO_TRY(model::Pipeline pipeline, co_await backend.store.pipeline(build.pipeline));
    OSTLER_CO_TRY(co_await add_pipeline(backend, std::move(pipeline), view, urls, parts));
  }
  if (view.jobs) {
    OSTLER_CO_TRY(co_await add_jobs(backend, builds, view, parts));
  }
  std::vector<std::string> items;
  for (const model::Build& build : builds) items.push_back(build_text(build, parts, view, urls));
  co_return items;
}

Lookup<std::string> job_json(const Backend& backend, const FoundBuild& in, const model::Job& job) {
  const std::vector<model::Job> jobs{job};
  OSTLER_CO_TRY(const auto agents, co_await agents_of(backend, jobs));
  co_return wire::encode_rest_job(job, agent_of(job, agents), address_of(in),
                                  urls_of(backend, in.organization));
}

Lookup<std::string> held_job_json(const Backend& backend, model::Organization organization,
                                  const model::Agent& agent) {
  OSTLER_CO_TRY(const model::Job job, co_await backend.store.job(*agent.job));
  OSTLER_CO_TRY(const model::Build build, co_await backend.store.build(job.step.build));
  OSTLER_CO_TRY(const model::Pipeline pipeline, co_await backend.store.pipeline(build.pipeline));
  const wire::RestBuildAddress address{pipeline.settings.slug, build.number, pipeline.cluster};
  co_return wire::encode_rest_job(job, nullptr, address, urls_of(backend, organization));
}

Lookup<std::vector<model::Agent>> agents_of(const Backend& backend,
                                            const std::vector<model::Job>& jobs) {
  std::vector<AgentId> ids;
  for (const model::Job& job : jobs) {
    if (job.agent) ids.push_back(*job.agent);
  }
  if (ids.empty()) co_return std::vector<model::Agent>();
  co_return co_await backend.store.agents(std::move(ids));
}

const model::Agent* agent_of(const model::Job& job, const std::vector<model::Agent>& agents) {
  if (!job.agent) return nullptr;
  const auto found = std::ranges::lower_bound(agents, *job.agent, {}, &model::Agent::id);
  return found != agents.end() && found->id == *job.agent ? &*found : nullptr;
}

}  // namespace ostler::rest_api
