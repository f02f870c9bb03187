// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "hub/agent_api/handlers.hpp"
#include "store/plugin_records.hpp"
#include "wire/agent_api_events.hpp"

namespace ostler::agent_api {

/// Also after the end of the job: its agent ships what it has not yet told.
Answer keep_events(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, job_of(call));
  OSTLER_CO_TRY(auto told, wire::decode_job_events(call.body));
  store::KeepJobEvents command{.agent = call.agent, .job = job, .events = {}};
  for (wire::JobEvent& event : told) {
    command.events.push_back(
        {event.sequence, event.at, std::move(event.kind), std::move(event.data)});
  }
  OSTLER_CO_TRY(co_await backend.store.plugin_records().keep_job_events(std::move(command)));
  co_return ok("{}");
}

}  // namespace ostler::agent_api
