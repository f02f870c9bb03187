// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include "hub/rest_api/build_json.hpp"
#include "hub/rest_api/cursor_list.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/job_states.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_job.hpp"

namespace ostler::rest_api {
namespace {

/// Jobs per question to the store, most of which a filter may drop.
constexpr std::int64_t kJobsPerRead = 200;

/// What is asked for, and between which jobs.
struct JobQuery {
  store::JobFilter filter;
  std::vector<std::string> states;
  std::optional<std::string> group_key{};
  std::size_t size = 0;  ///< of the page
};

/// A stretch of the list.
struct JobWindow {
  std::vector<model::Job> jobs;  ///< in the order of the list
  bool has_more = false;         ///< in the direction in which it was read
};

/// The job that a cursor names. None: there is no cursor.
/// Errors: UserFault when it names no job of the build.
Lookup<std::optional<JobId>> read_cursor(const Backend& backend, const Query& query,
                                         std::string_view name, BuildId build) {
  const auto text = query.value(name);
  if (!text) co_return std::optional<JobId>();
  const Error wrong =
      bad_request(std::string(name) + " is not a cursor of this list; take one from its links");
  const auto id = JobId::parse(*text);
  if (!id) co_return wrong;
  const auto job = co_await backend.store.job(*id);
  if (!job && job.error().code() != Errc::NotFound) co_return job.error();
  if (!job || job.value().step.build != build) co_return wrong;
  co_return id;
}

Lookup<JobQuery> read_job_query(const Backend& backend, const Query& query, BuildId build) {
  JobQuery wanted;
  OSTLER_CO_TRY(wanted.size, read_cursor_page(query));
  OSTLER_CO_TRY(wanted.states, read_job_states(query, "state"));
  OSTLER_CO_TRY(wanted.filter.after, co_await read_cursor(backend, query, "after", build));
  OSTLER_CO_TRY(wanted.filter.before, co_await read_cursor(backend, query, "before", build));
  wanted.filter.builds = {build};
  wanted.filter.step_key = query.value("step_key");
  wanted.filter.include_retried = query.flag("include_retried_jobs", true);
  wanted.filter.limit = kJobsPerRead;
  wanted.group_key = query.value("group_key");
  co_return wanted;
}

bool is_asked_for(const model::Job& job, const JobQuery& wanted) {
  const auto& group = job.step.group;
  const bool is_in_group = !wanted.group_key || (group && group->key == *wanted.group_key);
  if (!is_in_group) return false;
  return wanted.states.empty() ||
         std::ranges::find(wanted.states, wire::rest_job_state(job)) != wanted.states.end();
}

/// Adds what is asked for until the window is full and has more behind it.
void fill(JobWindow& window, std::vector<model::Job> jobs, const JobQuery& wanted) {
  for (model::Job& job : jobs) {
    if (!is_asked_for(job, wanted)) continue;
    window.has_more = window.jobs.size() == wanted.size;
    if (window.has_more) return;
    window.jobs.push_back(std::move(job));
  }
}

Lookup<JobWindow> read_window(const Backend& backend, JobQuery wanted) {
  JobWindow window;
  const bool is_backwards = wanted.filter.before.has_value();
  bool is_end = false;
  while (!is_end && !window.has_more) {
    OSTLER_CO_TRY(auto jobs, co_await backend.store.jobs(wanted.filter));
    is_end = static_cast<std::int64_t>(jobs.size()) < kJobsPerRead;
    if (is_end && jobs.empty()) break;
    if (is_backwards) std::ranges::reverse(jobs);
    (is_backwards ? wanted.filter.before : wanted.filter.after) = jobs.back().id;
    fill(window, std::move(jobs), wanted);
  }
  if (is_backwards) std::ranges::reverse(window.jobs);
  co_return window;
}

}  // namespace

Result<std::vector<std::string>> read_job_states(const Query& query, std::string_view name) {
  std::vector<std::string> states = query.values(name);
  for (const std::string& state : states) {
    if (!wire::is_rest_job_state(state)) return bad_request("Invalid job state: " + state);
  }
  return states;
}

Answer list_jobs(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundBuild found, co_await find_build(backend, call));
  OSTLER_CO_TRY(auto wanted, co_await read_job_query(backend, call.query, found.build.id));
  OSTLER_CO_TRY(const JobWindow window, co_await read_window(backend, std::move(wanted)));
  OSTLER_CO_TRY(const auto agents, co_await agents_of(backend, window.jobs));
  CursorPage page{.items = {}, .has_more = window.has_more};
  for (const model::Job& job : window.jobs) {
    page.items.push_back(wire::encode_rest_job(job, agent_of(job, agents), address_of(found),
                                               urls_of(backend, found.organization)));
  }
  if (!window.jobs.empty()) {
    page.first = window.jobs.front().id.str();
    page.last = window.jobs.back().id.str();
  }
  co_return cursor_list(call, page);
}

}  // namespace ostler::rest_api
