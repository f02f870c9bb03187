// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/build_json.hpp"

#include <algorithm>

#include "hub/rest_api/build_parts.hpp"

namespace ostler::rest_api {

BuildView BuildView::read(const Query& query) {
  return {.jobs = !query.flag("exclude_jobs", false),
          .pipeline = !query.flag("exclude_pipeline", false),
          .retried_jobs = query.flag("include_retried_jobs", false),
          .test_engine = query.flag("include_test_engine", false)};
}

Lookup<std::string> build_json(const Backend& backend, const FoundBuild& found, BuildView view) {
  const wire::RestUrls urls = urls_of(backend, found.organization);
  BuildParts parts;
  OSTLER_CO_TRY(co_await add_pipeline(backend, found.pipeline, view, urls, parts));
  if (view.jobs || view.job_counts) {
    const store::JobFilter filter{.builds = {found.build.id}, .include_retried = view.retried_jobs};
    OSTLER_CO_TRY(auto jobs, co_await backend.store.jobs(filter));
    OSTLER_CO_TRY(co_await set_jobs(backend, std::move(jobs), parts));
  }
  co_return build_text(found.build, parts, view, urls);
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
