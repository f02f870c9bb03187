// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"
#include "model/build_state.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::string_view kHasOpenBuilds =
    "The pipeline has builds that are not over; cancel them first";

Lookup<bool> has_open_builds(const Backend& backend, PipelineId pipeline) {
  using model::BuildState;
  store::BuildFilter filter{.pipeline = pipeline,
                            .states = {BuildState::Scheduled, BuildState::Running,
                                       BuildState::Failing, BuildState::Canceling}};
  OSTLER_CO_TRY(const auto found, co_await backend.store.builds(std::move(filter), {1, 1}));
  co_return !found.items.empty();
}

/// Removes what is over, build by build and each in slices that leave the store to others.
Lookup<void> remove_builds(const Backend& backend, PipelineId pipeline) {
  while (true) {
    OSTLER_CO_TRY(const auto page, co_await backend.store.builds({.pipeline = pipeline}, {1, 100}));
    if (page.items.empty()) co_return success();
    for (const model::Build& build : page.items) {
      for (bool more = true; more;) {
        OSTLER_CO_TRY(const auto removed, co_await backend.store.remove_expired(
                                              {.expired = {build.id, store::Expiry::Build},
                                               .now = backend.clock.now()}));
        backend.listener.changed(removed.follow_ups);
        more = removed.more;
      }
    }
  }
}

}  // namespace

/// Answers when all is gone, which may be long after the caller has left; a repeat goes on where an
/// attempt ended.
Answer delete_pipeline(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundPipeline found, co_await find_pipeline(backend, call));
  const PipelineId id = found.pipeline.id;
  OSTLER_CO_TRY(const bool is_open, co_await has_open_builds(backend, id));
  if (is_open) co_return message(422, kHasOpenBuilds);
  // No new build shall begin meanwhile.
  OSTLER_CO_TRY(co_await backend.store.set_poll({id, std::nullopt, backend.clock.now()}));
  auto removed = co_await remove_builds(backend, id);
  if (removed) removed = co_await backend.store.delete_pipeline(id);
  if (!removed && removed.error().code() == Errc::Conflict) co_return message(422, kHasOpenBuilds);
  if (!removed) co_return removed.error();
  co_return net::ServerResponse{.status = 204};
}

}  // namespace ostler::rest_api
