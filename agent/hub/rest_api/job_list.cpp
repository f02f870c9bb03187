// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <optional>

#include "hub/rest_api/build_json.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/job_states.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_job.hpp"
#include "wire/rest_json.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::size_t kPage = 30;
constexpr std::size_t kMostPerPage = 100;
/// Jobs per question to the store, most of which a filter may drop.
constexpr std::int64_t kJobsPerRead = 200;

/// What is asked for, and between which jobs.
struct JobQuery {
  store::JobFilter filter;
  std::vector<std::string> states;
  std::optional<std::string> group_key{};
  std::size_t size = kPage;
};

/// A stretch of the list.
struct JobWindow {
  std::vector<model::Job> jobs;  ///< in the order of the list
  bool has_more = false;         ///< in the direction in which it was read
};

Result<std::size_t> read_size(const Query& query) {
  const auto text = query.value("per_page");
  if (!text) return kPage;
  std::size_t size = 0;
  const char* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, size);
  const bool fits = read.ec == std::errc() && read.ptr == end && size >= 1 && size <= kMostPerPage;
  if (fits) return size;
  return bad_request("per_page must be a number from 1 to 100");
}

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
  if (query.value("after") && query.value("before")) {
    co_return bad_request("after and before cannot be given together");
  }
  JobQuery wanted;
  OSTLER_CO_TRY(wanted.size, read_size(query));
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

/// The links of a page. Source: rest-api, 3.2.
std::string links_of(const Call& call, const JobWindow& window) {
  const bool is_backwards = call.query.value("before").has_value();
  const bool has_next = is_backwards || window.has_more;
  const bool has_previous = is_backwards ? window.has_more : call.query.value("after").has_value();
  const std::string others = call.query.without({"after", "before", "page"});
  const auto url = [&](std::string_view cursor, std::string_view job) {
    std::string query = others;
    if (!job.empty()) query.append(query.empty() ? "" : "&").append(cursor).append("=").append(job);
    return call.url + (query.empty() ? "" : "?") + query;
  };
  const std::string query = call.query.without({"page"});
  wire::JsonObjectText links;
  links.text("self", call.url + (query.empty() ? "" : "?") + query).text("first", url("", ""));
  if (window.jobs.empty()) return links.finish();
  if (has_next) links.text("next", url("after", window.jobs.back().id.str()));
  if (has_previous) links.text("prev", url("before", window.jobs.front().id.str()));
  return links.finish();
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
  std::vector<std::string> items;
  for (const model::Job& job : window.jobs) {
    items.push_back(wire::encode_rest_job(job, agent_of(job, agents), address_of(found),
                                          urls_of(backend, found.organization)));
  }
  co_return json(200, wire::JsonObjectText()
                          .raw("items", wire::json_array(items))
                          .raw("links", links_of(call, window))
                          .finish());
}

}  // namespace ostler::rest_api
