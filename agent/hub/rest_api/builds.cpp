// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "hub/rest_api/build_json.hpp"
#include "hub/rest_api/build_page.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/job_states.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_build.hpp"

namespace ostler::rest_api {
namespace {

/// The states that are asked for. None: there are no such builds here.
/// Errors: UserFault for a word that is no state.
Result<std::optional<std::vector<model::BuildState>>> read_states(const Query& query) {
  std::vector<model::BuildState> states;
  const std::vector<std::string> names = query.values("state");
  for (const std::string& name : names) {
    const auto selected = wire::rest_build_state_filter(name);
    if (!selected) return bad_request("Invalid state: " + name);
    states.insert(states.end(), selected->begin(), selected->end());
  }
  if (!names.empty() && states.empty()) return std::optional<std::vector<model::BuildState>>();
  return std::optional(std::move(states));
}

Result<std::optional<UserId>> read_creator(const Query& query) {
  const auto text = query.value("creator");
  if (!text) return std::optional<UserId>();
  const auto id = UserId::parse(*text);
  if (!id) return bad_request("creator is not the UUID of a user");
  return id;
}

/// The filter of a list. None: nothing can match it.
Result<std::optional<store::BuildFilter>> read_filter(const Query& query) {
  OSTLER_TRY(auto states, read_states(query));
  store::BuildFilter filter;
  OSTLER_TRY(filter.creator, read_creator(query));
  OSTLER_TRY(filter.created_from, query.time("created_from"));
  OSTLER_TRY(filter.created_to, query.time("created_to"));
  OSTLER_TRY(filter.finished_from, query.time("finished_from"));
  filter.branches = query.values("branch");
  filter.commits = query.values("commit");
  filter.meta_data = query.entries("meta_data");
  filter.include_paused = query.flag("include_paused", true);
  if (!states) return std::optional<store::BuildFilter>();
  filter.states = std::move(*states);
  return std::optional(std::move(filter));
}

}  // namespace

Answer list_builds(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "builds"));
  OSTLER_CO_TRY(auto filter, read_filter(call.query));
  std::optional<FoundPipeline> in;
  if (call.has_parameter("pipeline")) {
    OSTLER_CO_TRY(FoundPipeline found, co_await find_pipeline(backend, call));
    in = std::move(found);
  }
  OSTLER_CO_TRY(const model::Organization organization, co_await find_organization(backend, call));
  if (!filter) co_return list(call, {}, page, false);
  if (in) filter->pipeline = in->pipeline.id;
  BuildView view = BuildView::read(call.query);
  if (!filter->include_paused) {
    OSTLER_CO_TRY(view.left_out, co_await backend.store.paused_queues());
  }
  OSTLER_CO_TRY(const auto found, co_await backend.store.builds(std::move(*filter), page));
  net::ServerResponse response = list(call, {}, page, found.has_next);
  OSTLER_CO_TRY(response.body, co_await build_page(backend, urls_of(backend, organization),
                                                   found.items, std::move(view)));
  co_return response;
}

Answer get_build(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundBuild found, co_await find_build(backend, call));
  BuildView view = BuildView::read(call.query);
  OSTLER_CO_TRY(view.job_states, read_job_states(call.query, "job_states"));
  view.job_counts = true;
  OSTLER_CO_TRY(std::string body, co_await build_json(backend, found, view));
  net::ServerResponse response = json(200, std::move(body));
  // Who follows the events from here on misses nothing: the jobs were read after the build.
  response.headers.emplace_back("Ostler-Last-Event-Id", std::to_string(found.build.last_event));
  co_return response;
}

Answer cancel_build(const Backend& backend, Call call) {
  OSTLER_CO_TRY(FoundBuild found, co_await find_build(backend, call));
  std::string reason = "canceled by " + call.caller.user.name;
  OSTLER_CO_TRY(auto changed, co_await backend.store.cancel_build(
                                  {found.build.id, std::move(reason), backend.clock.now()}));
  backend.listener.changed(changed.follow_ups);
  found.build = std::move(changed.build);
  OSTLER_CO_TRY(std::string body, co_await build_json(backend, found, BuildView::read(call.query)));
  co_return json(200, std::move(body));
}

}  // namespace ostler::rest_api
