// SPDX-License-Identifier: Apache-2.0
// How a person opens a block or an input.
#include "hub/rest_api/build_json.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"
#include "pipeline/gate_answer.hpp"
#include "wire/rest_gate.hpp"

namespace ostler::rest_api {
namespace {

/// Errors: Conflict, with the reference's words.
Result<UserId> unblocker_of(const wire::RestUnblock& request, const Call& call) {
  if (request.unblocker.empty()) return call.caller.user.id;
  if (const auto id = UserId::parse(request.unblocker)) return *id;
  return Error(Errc::Conflict, "Unblocker is not a valid user id for this organization");
}

std::vector<wire::RestFieldError> errors_of(const std::vector<pipeline::FieldFault>& faults) {
  std::vector<wire::RestFieldError> errors;
  for (const auto& [key, text] : faults) errors.push_back({"fields." + key, text});
  return errors;
}

}  // namespace

Answer unblock_job(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundJob found, co_await find_job(backend, call));
  if (!found.job.step.gate) co_return message(400, "This job type cannot be unblocked");
  OSTLER_CO_TRY(const auto request, wire::decode_rest_unblock(call.body));
  if (!request.errors.empty()) co_return validation_failed(request.errors);
  OSTLER_CO_TRY(const UserId by, unblocker_of(request.value, call));
  pipeline::GateAnswer answer;
  OSTLER_CO_TRY(co_await backend.threads.run([&]() -> Result<void> {
    answer = pipeline::answer_gate(*found.job.step.gate, request.value.fields);
    return success();
  }));
  // A gate that nobody can open says so, whatever the answers are.
  const bool is_blocked = found.job.state == model::JobState::Blocked;
  if (is_blocked && !answer.faults.empty()) co_return validation_failed(errors_of(answer.faults));
  OSTLER_CO_TRY(const auto unblocked,
                co_await backend.store.unblock_job({.job = found.job.id,
                                                    .by = by,
                                                    .answers = std::move(answer.values),
                                                    .now = backend.clock.now()}));
  backend.listener.changed(unblocked.follow_ups);
  OSTLER_CO_TRY(std::string body, co_await job_json(backend, found.in, unblocked.job));
  co_return json(200, std::move(body));
}

}  // namespace ostler::rest_api
