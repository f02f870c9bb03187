// SPDX-License-Identifier: Apache-2.0
// What REST changes of one job.
#include "hub/rest_api/build_json.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_job.hpp"

namespace ostler::rest_api {
namespace {

/// The job as it is now.
Answer changed_job(const Backend& backend, FoundJob found) {
  OSTLER_CO_TRY(found.job, co_await backend.store.job(found.job.id));
  OSTLER_CO_TRY(std::string body, co_await job_json(backend, found.in, found.job));
  co_return json(200, std::move(body));
}

}  // namespace

Answer cancel_job(const Backend& backend, Call call) {
  OSTLER_CO_TRY(FoundJob found, co_await find_job(backend, call));
  const bool is_trigger = found.job.step.kind == model::StepKind::Trigger;
  if (found.job.step.kind != model::StepKind::Command && !is_trigger) {
    co_return message(400, "This job type cannot be canceled");
  }
  const auto canceled = co_await backend.store.cancel_job({found.job.id, backend.clock.now()});
  if (!canceled && canceled.error().code() == Errc::Conflict) {
    co_return message(422, "The job is over or being canceled: it is " +
                               std::string(wire::rest_job_state(found.job)));
  }
  if (!canceled) co_return canceled.error();
  backend.listener.changed(canceled.value().follow_ups);
  co_return co_await changed_job(backend, std::move(found));
}

Answer reprioritize_job(const Backend& backend, Call call) {
  OSTLER_CO_TRY(FoundJob found, co_await find_job(backend, call));
  OSTLER_CO_TRY(const auto priority, wire::decode_rest_priority(call.body));
  const auto moved =
      co_await backend.store.reprioritize_job({found.job.id, priority, backend.clock.now()});
  if (!moved && moved.error().code() == Errc::Conflict) {
    co_return message(422, moved.error().message());
  }
  if (!moved) co_return moved.error();
  backend.listener.changed(moved.value());
  co_return co_await changed_job(backend, std::move(found));
}

Answer delete_log(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundJob found, co_await find_job(backend, call));
  for (bool more = true; more;) {
    const auto removed = co_await backend.store.remove_log({.job = found.job.id});
    if (!removed && removed.error().code() == Errc::Conflict) {
      co_return message(422, "The log can be deleted when the job is over");
    }
    if (!removed) co_return removed.error();
    more = removed.value().more;
  }
  co_return net::ServerResponse{.status = 204};
}

}  // namespace ostler::rest_api
