// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "hub/agent_api/handlers.hpp"
#include "store/plugin_records.hpp"
#include "wire/agent_api_plugin_state.hpp"

namespace ostler::agent_api {
namespace {

/// What a writer can tell from a call that was wrong.
Error refusal_of_change(Error error) {
  switch (error.code()) {
    case Errc::Conflict: return std::move(error).with_native(wire::kRevisionConflict);
    case Errc::UserFault: return std::move(error).with_native(wire::kScopeFull);
    default: return error;
  }
}

}  // namespace

Answer get_plugin_state(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, co_await running_job_of(backend, call));
  OSTLER_CO_TRY(auto at, wire::decode_state_key(call.body));
  OSTLER_CO_TRY(auto found, co_await backend.store.plugin_records().plugin_state(
                                {.job = job.id, .at = std::move(at)}));
  if (!found) found.emplace();
  co_return ok(wire::encode(wire::StateValue{std::move(found->value), found->revision}));
}

Answer change_plugin_state(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, co_await running_job_of(backend, call));
  OSTLER_CO_TRY(auto change, wire::decode_state_change(call.body));
  auto revision = co_await backend.store.plugin_records().change_plugin_state(
      {.job = job.id,
       .at = std::move(change.at),
       .value = std::move(change.value),
       .expected = change.expected,
       .request = std::move(change.request),
       .now = backend.clock.now()});
  if (!revision) co_return refusal_of_change(std::move(revision).error());
  co_return ok(wire::encode_revision(revision.value()));
}

Answer list_plugin_state_keys(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, co_await running_job_of(backend, call));
  OSTLER_CO_TRY(auto at, wire::decode_state_begin(call.body));
  OSTLER_CO_TRY(const auto keys, co_await backend.store.plugin_records().plugin_state_keys(
                                     {.job = job.id, .at = std::move(at)}));
  co_return ok(wire::encode_keys(keys));
}

}  // namespace ostler::agent_api
