// SPDX-License-Identifier: Apache-2.0
#include "hub/agent_api/handlers.hpp"
#include "wire/agent_api_steps.hpp"

namespace ostler::agent_api {
namespace {

Result<std::int64_t> minutes_of(const wire::JobUpdateRequest& request) {
  if (request.attribute != "timeout") {
    return Error(Errc::UserFault,
                 "attribute \"" + request.attribute + "\" of a job cannot be updated; timeout can");
  }
  return whole_number(request.value);
}

}  // namespace

Answer update_job(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, job_of(call));
  OSTLER_CO_TRY(const auto request, wire::decode_job_update_request(call.body));
  OSTLER_CO_TRY(const auto minutes, minutes_of(request));
  OSTLER_CO_TRY(co_await backend.store.limit_job(
      {.agent = call.agent, .job = job, .timeout_in_minutes = minutes}));
  co_return ok(wire::encode_updated(job.str()));
}

Answer promise_failure(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, job_of(call));
  OSTLER_CO_TRY(auto request, wire::decode_promise_failure_request(call.body));
  store::PromiseFailure command{.agent = call.agent,
                                .job = job,
                                .exit_status = request.exit_status,
                                .reason = std::move(request.reason),
                                .now = backend.clock.now()};
  OSTLER_CO_TRY(const auto promised, co_await backend.store.promise_failure(std::move(command)));
  backend.changes.changed(promised.follow_ups);
  if (promised.exit_status != request.exit_status) {
    co_return Error(Errc::Conflict, "exit status " + std::to_string(promised.exit_status) +
                                        " has been promised already")
        .with_native(409);
  }
  co_return net::ServerResponse{.status = 204};
}

}  // namespace ostler::agent_api
