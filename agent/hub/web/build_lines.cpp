// SPDX-License-Identifier: Apache-2.0
#include "hub/web/build_lines.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "console/job_words.hpp"
#include "model/step_jobs.hpp"
#include "wire/rest_build.hpp"
#include "wire/rest_job.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::hub {
namespace {

namespace asio = boost::asio;

constexpr std::int64_t kBuilds = 20;
constexpr std::size_t kJobsPerBuild = 8;  ///< beside a build in the list
constexpr std::string_view kReadLogs = "read_build_logs";

std::optional<std::chrono::microseconds> time_between(std::optional<Timestamp> from,
                                                      std::optional<Timestamp> to) {
  if (!from || !to) return std::nullopt;
  return *to - *from;
}

/// As the commands of a person say it, which know a job by what REST tells of it.
std::string verdict_of(const model::Job& job) {
  wire::RestJobAnswer told;
  told.state = wire::rest_job_state(job);
  told.progress = wire::rest_job_progress(told.state);
  told.soft_failed = job.soft_failed;
  return console::job_verdict(told).text;
}

JobLine job_line(const model::Job& job, const std::string& url) {
  const std::string& label = job.step.label;
  return {.name = label.empty() ? job.step.command : label,
          .state = verdict_of(job),
          .look = job.soft_failed ? "" : std::string(wire::rest_job_state(job)),
          .url = url,
          .took = time_between(job.started_at, job.finished_at)};
}

BuildLine build_line(const model::Build& build, const std::string& pipeline,
                     const wire::RestUrls& urls) {
  return {.pipeline = pipeline,
          .number = build.number,
          .state = std::string(wire::rest_build_state(build.state)),
          .message = build.request.message,
          .branch = build.request.branch,
          .commit = build.request.commit,
          .creator = build.creator ? build.creator->name : "",
          .created_at = build.created_at,
          .took = time_between(build.started_at, build.finished_at),
          .url = urls.web_build(pipeline, build.number)};
}

/// Adds the command jobs among `jobs`, at most `most`.
void add_jobs(BuildLine& line, const std::vector<model::Job>& jobs, const Viewer& viewer,
              const wire::RestUrls& urls, std::size_t most) {
  const bool has_logs = viewer.may(kReadLogs);
  for (const model::Job& job : jobs) {
    if (job.step.kind != model::StepKind::Command) continue;
    line.has_more_jobs = line.jobs.size() == most;
    if (line.has_more_jobs) return;
    const std::string url = urls.job(line.pipeline, line.number, job.id);
    line.jobs.push_back(job_line(job, has_logs ? url : ""));
  }
}

}  // namespace

bool Viewer::may(std::string_view scope) const {
  return std::ranges::find(holder.scopes, scope) != holder.scopes.end();
}

asio::awaitable<Result<std::vector<BuildLine>>> newest_builds(store::Store& store,
                                                              const Viewer& viewer,
                                                              std::optional<PipelineId> pipeline) {
  const wire::RestUrls urls(viewer.public_url, viewer.organization);
  OSTLER_CO_TRY(const auto found, co_await store.builds({.pipeline = pipeline}, {.size = kBuilds}));
  std::map<PipelineId, std::string> pipelines;
  std::vector<BuildLine> lines;
  for (const model::Build& build : found.items) {
    if (!pipelines.contains(build.pipeline)) {
      OSTLER_CO_TRY(auto found_pipeline, co_await store.pipeline(build.pipeline));
      pipelines.emplace(build.pipeline, std::move(found_pipeline.settings.slug));
    }
    BuildLine line = build_line(build, pipelines.at(build.pipeline), urls);
    // Waits stand between the jobs, hardly more of them than jobs.
    store::JobFilter filter{
        .builds = {build.id}, .include_retried = false, .limit = 2 * kJobsPerBuild + 2};
    OSTLER_CO_TRY(const auto jobs, co_await store.jobs(std::move(filter)));
    add_jobs(line, jobs, viewer, urls, kJobsPerBuild);
    lines.push_back(std::move(line));
  }
  co_return lines;
}

asio::awaitable<Result<BuildLine>> whole_build(store::Store& store, const Viewer& viewer,
                                               const std::string& slug, std::int64_t number) {
  const wire::RestUrls urls(viewer.public_url, viewer.organization);
  OSTLER_CO_TRY(const auto pipeline,
                co_await store.pipeline_by_slug(viewer.holder.organization, slug));
  OSTLER_CO_TRY(const auto build, co_await store.build_by_number(pipeline.id, number));
  BuildLine line = build_line(build, slug, urls);
  OSTLER_CO_TRY(const auto jobs, co_await store.jobs({.builds = {build.id}}));
  add_jobs(line, jobs, viewer, urls, jobs.size());
  co_return line;
}

}  // namespace ostler::hub
