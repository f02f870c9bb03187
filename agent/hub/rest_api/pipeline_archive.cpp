// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"

namespace ostler::rest_api {
namespace {

Answer set_archived(const Backend& backend, const Call& call, bool is_archived) {
  OSTLER_CO_TRY(const FoundPipeline found, co_await find_pipeline(backend, call));
  OSTLER_CO_TRY(const model::Pipeline changed,
                co_await backend.store.archive_pipeline(
                    {found.pipeline.id, is_archived, backend.clock.now()}));
  OSTLER_CO_TRY(std::string body,
                co_await pipeline_json(backend, changed, urls_of(backend, found.organization)));
  co_return json(200, std::move(body));
}

}  // namespace

Answer archive_pipeline(const Backend& backend, Call call) {
  co_return co_await set_archived(backend, call, true);
}

Answer unarchive_pipeline(const Backend& backend, Call call) {
  co_return co_await set_archived(backend, call, false);
}

}  // namespace ostler::rest_api
