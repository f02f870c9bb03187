// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/build_json.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_retry.hpp"

namespace ostler::rest_api {

Answer retry_job(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundJob found, co_await find_job(backend, call));
  OSTLER_CO_TRY(const store::RetriedJob retried,
                co_await backend.store.retry_job(
                    {.job = found.job.id, .by = call.caller.user.id, .now = backend.clock.now()}));
  backend.listener.changed(retried.follow_ups);
  OSTLER_CO_TRY(std::string body, co_await job_json(backend, found.in, retried.job));
  co_return json(200, std::move(body));
}

Answer retry_failed_jobs(const Backend& backend, Call call) {
  OSTLER_CO_TRY(FoundBuild found, co_await find_build(backend, call));
  OSTLER_CO_TRY(auto kinds, wire::decode_rest_retry(call.body));
  store::RetryFailedJobs command{.build = found.build.id,
                                 .kinds = std::move(kinds),
                                 .by = call.caller.user.id,
                                 .now = backend.clock.now()};
  OSTLER_CO_TRY(store::RetriedJobs retried,
                co_await backend.store.retry_failed_jobs(std::move(command)));
  backend.listener.changed(retried.change.follow_ups);
  found.build = std::move(retried.change.build);
  BuildView view = BuildView::read(call.query);
  view.retried_jobs_count = retried.count;
  OSTLER_CO_TRY(std::string body, co_await build_json(backend, found, view));
  co_return json(202, std::move(body));
}

}  // namespace ostler::rest_api
