// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/responses.hpp"
#include "store/plugin_records.hpp"
#include "wire/rest_job_event.hpp"

namespace ostler::rest_api {

Answer list_job_events(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "events"));
  OSTLER_CO_TRY(const FoundJob found, co_await find_job(backend, call));
  OSTLER_CO_TRY(const auto events,
                co_await backend.store.plugin_records().job_events(found.job.id, page));
  std::vector<std::string> items;
  for (const store::JobEvent& event : events.items) {
    items.push_back(wire::encode_rest_job_event(event.sequence, event.at, event.kind, event.data));
  }
  co_return list(call, items, page, events.has_next);
}

}  // namespace ostler::rest_api
