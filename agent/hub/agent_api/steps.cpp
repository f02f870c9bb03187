// SPDX-License-Identifier: Apache-2.0
#include "store/steps.hpp"

#include <utility>

#include "hub/agent_api/handlers.hpp"
#include "wire/agent_api_steps.hpp"
#include "wire/step_attributes.hpp"

namespace ostler::agent_api {
namespace {

template <class T>
using Awaitable = boost::asio::awaitable<Result<T>>;

/// The build that the caller's job is part of, which is the only one whose steps it may touch.
Awaitable<BuildId> own_build(const Backend& backend, const Call& call) {
  if (call.job_holder) co_return call.job_holder->build;
  OSTLER_CO_TRY(const auto agent, co_await backend.store.agent(call.agent));
  if (!agent.job) co_return Error(Errc::NotFound, "this agent has no job, so it has no build");
  OSTLER_CO_TRY(const auto job, co_await backend.store.job(*agent.job));
  co_return job.step.build;
}

/// The step that the path names, in the caller's build. `build_id` is what the body says; empty:
/// nothing.
Awaitable<store::StepAddress> address_of(const Backend& backend, const Call& call,
                                         std::string build_id) {
  OSTLER_CO_TRY(const auto own, co_await own_build(backend, call));
  if (!build_id.empty() && BuildId::parse(build_id) != own) {
    co_return Error(Errc::NotFound, "a job may name the steps of its own build only");
  }
  co_return store::StepAddress{own, call.id};
}

Result<void> put_change(wire::StepUpdateRequest request, store::UpdateStep& command) {
  command.append = request.append;
  command.request = std::move(request.idempotency_uuid);
  if (request.attribute == "label") {
    command.label = std::move(request.value);
    return success();
  }
  if (request.attribute == "priority" && !request.append) {
    OSTLER_TRY(command.priority, whole_number(request.value));
    return success();
  }
  return Error(Errc::UserFault,
               request.append ? "attribute \"" + request.attribute + "\" cannot be appended to"
                              : "attribute \"" + request.attribute +
                                    "\" of a step cannot be updated; label and priority can");
}

}  // namespace

Answer export_step(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto request, wire::decode_step_export_request(call.body));
  OSTLER_CO_TRY(auto address, co_await address_of(backend, call, request.build_id));
  OSTLER_CO_TRY(const auto step, co_await backend.store.step(std::move(address)));
  OSTLER_CO_TRY(const auto output, wire::step_attribute(step, request.attribute, request.format));
  co_return ok(wire::encode_step_output(output));
}

Answer update_step(const Backend& backend, Call call) {
  OSTLER_CO_TRY(auto request, wire::decode_step_update_request(call.body));
  store::UpdateStep command{.step = {}, .now = backend.clock.now()};
  OSTLER_CO_TRY(command.step, co_await address_of(backend, call, request.build_id));
  OSTLER_CO_TRY(put_change(std::move(request), command));
  OSTLER_CO_TRY(const auto follow_ups, co_await backend.store.update_step(std::move(command)));
  backend.changes.changed(follow_ups);
  co_return ok("{}");
}

Answer cancel_step(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto request, wire::decode_step_cancel_request(call.body));
  store::CancelStep command{.step = {}, .now = backend.clock.now()};
  OSTLER_CO_TRY(command.step, co_await address_of(backend, call, request.build_id));
  if (request.force) command.force_after = std::chrono::seconds(request.force_grace_period);
  OSTLER_CO_TRY(const auto canceled, co_await backend.store.cancel_step(std::move(command)));
  backend.changes.changed(canceled.follow_ups);
  co_return ok(wire::encode_canceled(canceled.step.str()));
}

Answer cancel_build(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto own, co_await own_build(backend, call));
  if (BuildId::parse(call.id) != own) {
    co_return Error(Errc::NotFound, "a job may cancel its own build only");
  }
  OSTLER_CO_TRY(
      const auto canceled,
      co_await backend.store.cancel_build(
          {.build = own, .reason = "canceled by one of its jobs", .now = backend.clock.now()}));
  backend.changes.changed(canceled.follow_ups);
  co_return ok(wire::encode_canceled(own.str()));
}

}  // namespace ostler::agent_api
