// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "model/dependency.hpp"
#include "model/variables.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/surroundings.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kNextRunnable = "WHERE j.state = 3 AND j.id > ? ORDER BY j.id LIMIT ?";
constexpr std::string_view kOfBuild =
    "WHERE j.build_id = ?1 AND (j.sort_key, j.id) > (?2, ?3) ORDER BY j.sort_key, j.id LIMIT ?4";

constexpr std::string_view kOfBuildBackwards =
    "WHERE j.build_id = ?1 AND (j.sort_key, j.id) < (?2, ?3) "
    "ORDER BY j.sort_key DESC, j.id DESC LIMIT ?4";

/// Where the next page of a build's jobs begins.
struct Cursor {
  BuildId build;
  std::int64_t sort_key = -1;
  JobId job;
};

Cursor read_cursor(Row& row) {
  Cursor cursor;
  row.take(cursor.build, cursor.sort_key, cursor.job);
  return cursor;
}

bool matches(const model::Job& job, const JobFilter& filter) {
  if (!filter.include_retried && job.attempt.retried_in) return false;
  if (filter.step_key && job.step.key != *filter.step_key) return false;
  if (filter.states.empty()) return true;
  for (const auto state : filter.states) {
    if (job.state == state) return true;
  }
  return false;
}

/// Rows per statement; no read transaction lives longer.
constexpr std::int64_t kRowsPerRead = 500;

class JobList {
 public:
  JobList(Connection& database, const JobFilter& filter) : database_(database), filter_(filter) {}

  Result<std::vector<model::Job>> run() {
    if (filter_.before) return run_backwards(*filter_.before);
    Cursor begin;
    if (filter_.after) {
      OSTLER_TRY(begin, cursor_at(*filter_.after));
    }
    bool is_reached = !filter_.after;
    for (const BuildId build : filter_.builds) {
      const bool is_begin = !is_reached && build == begin.build;
      is_reached = is_reached || is_begin;
      if (is_reached) {
        OSTLER_TRY(add_jobs(kOfBuild, is_begin ? begin : Cursor{.build = build, .job = {}}));
      }
    }
    return std::move(jobs_);
  }

 private:
  Result<Cursor> cursor_at(JobId job) {
    return require(
        database_.find("SELECT build_id, sort_key, id FROM jobs WHERE id = ?", read_cursor, job),
        "job");
  }

  Result<std::vector<model::Job>> run_backwards(JobId before) {
    OSTLER_TRY(Cursor from, cursor_at(before));
    if (std::ranges::find(filter_.builds, from.build) == filter_.builds.end())
      return std::move(jobs_);
    OSTLER_TRY(add_jobs(kOfBuildBackwards, from));
    std::ranges::reverse(jobs_);
    return std::move(jobs_);
  }

  bool is_full() const {
    return filter_.limit && static_cast<std::int64_t>(jobs_.size()) >= *filter_.limit;
  }

  Result<void> add_jobs(std::string_view those, Cursor from) {
    while (!is_full()) {
      OSTLER_TRY(auto rows, database_.list(sql(kSelectJob, those), read_job, from.build,
                                           from.sort_key, from.job, kRowsPerRead));
      if (rows.empty()) return success();
      from.sort_key = rows.back().step.position;
      from.job = rows.back().id;
      for (auto& job : rows) {
        if (matches(job, filter_) && !is_full()) jobs_.push_back(std::move(job));
      }
    }
    return success();
  }

  Connection& database_;
  const JobFilter& filter_;
  std::vector<model::Job> jobs_;
};

model::Variables read_variables(Row& row) { return read_value<model::Variables>(row); }

/// What a job's step depends on, in the order of the steps.
constexpr std::string_view kDependencies =
    "SELECT e.dependency_id, e.allow_failure FROM jobs j "
    "JOIN step_edges e ON e.dependent_id = j.step_id JOIN steps s ON s.id = e.dependency_id "
    "WHERE j.id = ? ORDER BY s.sort_key";
/// Its last attempts.
constexpr std::string_view kJobsOfStep =
    "WHERE j.step_id = ? AND j.retried_in_job_id IS NULL ORDER BY j.id";
constexpr std::size_t kMostBlockers = 100;

struct Dependency {
  StepId step;
  bool allow_failure = false;
};

Dependency read_dependency(Row& row) {
  Dependency dependency;
  row.take(dependency.step, dependency.allow_failure);
  return dependency;
}

bool blocks(const model::Job& job, bool allow_failure) {
  if (!is_terminal(job.state)) return true;
  const auto status = job.outcome ? std::optional(job.outcome->exit_status) : std::nullopt;
  return !is_met(model::dependency_result(job.state, status, job.soft_failed), allow_failure);
}

/// The environments that came with pipeline uploads before the job was accepted, first to last.
constexpr std::string_view kUploadedEnvironments =
    "SELECT u.env FROM pipeline_uploads u JOIN jobs j ON j.build_id = u.build_id "
    "WHERE j.id = ? AND (j.uploads_seen IS NULL OR u.number <= j.uploads_seen) ORDER BY u.number";

/// Who opened a gate last before the job could run. What happens later changes nothing of it.
constexpr std::string_view kUnblocker =
    "SELECT u.id, u.name, u.email, u.created_at FROM jobs j "
    "JOIN jobs g ON g.build_id = j.build_id AND g.unblocked_at IS NOT NULL "
    "AND g.unblocked_at <= coalesce(j.runnable_at, g.unblocked_at) "
    "LEFT JOIN users u ON u.id = g.unblocked_by "
    "WHERE j.id = ? ORDER BY g.unblocked_at DESC, g.id DESC LIMIT 1";

Result<std::optional<model::User>> load_unblocker(Connection& database, JobId job) {
  OSTLER_TRY(auto found, database.find(kUnblocker, take_user, job));
  return found ? std::move(*found) : std::nullopt;
}

}  // namespace

Result<model::Job> load_job(Connection& database, JobId id) {
  return require(database.find(sql(kSelectJob, "WHERE j.id = ?"), read_job, id), "job");
}

Result<std::vector<model::Job>> list_jobs(Connection& database, const JobFilter& filter) {
  return JobList(database, filter).run();
}

Result<model::JobState> load_job_state(Connection& database, JobId id) {
  return require(
      database.find("SELECT state FROM jobs WHERE id = ?", read_value<model::JobState>, id), "job");
}

Result<std::vector<model::Job>> list_blockers(Connection& database, JobId id) {
  OSTLER_TRY(require(database.find("SELECT 1 FROM jobs WHERE id = ?", read_int, id), "job"));
  OSTLER_TRY(const auto dependencies, database.list(kDependencies, read_dependency, id));
  std::vector<model::Job> blockers;
  for (const Dependency& dependency : dependencies) {
    if (blockers.size() == kMostBlockers) break;
    OSTLER_TRY(auto jobs, database.list(sql(kSelectJob, kJobsOfStep), read_job, dependency.step));
    for (model::Job& job : jobs) {
      const bool is_full = blockers.size() == kMostBlockers;
      if (!is_full && blocks(job, dependency.allow_failure)) blockers.push_back(std::move(job));
    }
  }
  return blockers;
}

Result<std::vector<RunnableJob>> list_runnable_jobs(Connection& database,
                                                    const std::optional<JobId>& after,
                                                    std::int64_t limit) {
  return database.list(sql(kSelectRunnable, kNextRunnable), read_runnable, after.value_or(JobId{}),
                       limit);
}

Result<std::vector<RunnableJob>> load_runnable_jobs(Connection& database,
                                                    const std::vector<JobId>& jobs) {
  std::vector<RunnableJob> runnable;
  for (const JobId id : jobs) {
    OSTLER_TRY(auto job, database.find(sql(kSelectRunnable, "WHERE j.id = ? AND j.state = 3"),
                                       read_runnable, id));
    if (job) runnable.push_back(std::move(*job));
  }
  return runnable;
}

Result<model::JobSurroundings> load_surroundings(Connection& database, model::Job job,
                                                 const std::string& public_url) {
  model::JobSurroundings all;
  OSTLER_TRY(all.build, load_build(database, job.step.build));
  OSTLER_TRY(all.pipeline, require(database.find(sql(kSelectPipeline, "WHERE p.id = ?"),
                                                 read_pipeline, all.build.pipeline),
                                   "pipeline"));
  OSTLER_TRY(all.organization, load_organization(database, all.pipeline.organization));
  OSTLER_TRY(all.pipeline_env, require(database.find("SELECT pipeline_env FROM builds WHERE id = ?",
                                                     read_variables, all.build.id),
                                       "build"));
  OSTLER_TRY(const auto uploaded, database.list(kUploadedEnvironments, read_variables, job.id));
  for (const auto& layer : uploaded) {
    all.pipeline_env = model::overlaid(std::move(all.pipeline_env), layer);
  }
  OSTLER_TRY(all.unblocker, load_unblocker(database, job.id));
  if (job.agent) {
    OSTLER_TRY(all.agent, load_agent(database, *job.agent));
  }
  all.job = std::move(job);
  all.public_url = public_url;
  return all;
}

Result<model::Variables> load_job_environment(Connection& database, JobId id,
                                              const std::string& public_url) {
  OSTLER_TRY(auto job, load_job(database, id));
  OSTLER_TRY(const auto all, load_surroundings(database, std::move(job), public_url));
  return render_job_environment(all);
}

}  // namespace ostler::store::sqlite
