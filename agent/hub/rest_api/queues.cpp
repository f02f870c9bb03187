// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_cluster.hpp"
#include "wire/rest_cluster_requests.hpp"

namespace ostler::rest_api {

Answer list_queues(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "queues"));
  OSTLER_CO_TRY(const FoundCluster in, co_await find_cluster(backend, call));
  OSTLER_CO_TRY(const auto queues, co_await backend.store.queues(in.organization.id));
  const auto urls = urls_of(backend, in.organization);
  std::vector<std::string> items;
  for (const model::Queue& queue : queues) {
    if (queue.cluster == in.cluster.id) items.push_back(wire::encode_rest_queue(queue, urls));
  }
  co_return list_part(call, items, page);
}

Answer get_queue(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundQueue found, co_await find_queue(backend, call));
  co_return json(200,
                 wire::encode_rest_queue(found.queue, urls_of(backend, found.in.organization)));
}

Answer create_queue(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundCluster in, co_await find_cluster(backend, call));
  OSTLER_CO_TRY(const auto decoded, wire::decode_rest_new_queue(call.body));
  if (!decoded.errors.empty()) co_return cluster_validation_failed(decoded.errors);
  const wire::RestQueueRequest& asked = decoded.value;
  const bool has_lease = asked.lease && asked.lease->count() > 0;
  store::CreateQueue command{
      .cluster = in.cluster.id,
      .key = asked.key,
      .description = asked.description.value_or(""),
      .retry_affinity = asked.retry_affinity.value_or(model::RetryAffinity::PreferWarmest),
      .lease = has_lease ? asked.lease : std::nullopt,
      .by = call.caller.user.id,
      .now = backend.clock.now()};
  const auto made = co_await backend.store.create_queue(std::move(command));
  if (!made && made.error().code() == Errc::Conflict) {
    co_return cluster_validation_failed({{"key", "has already been taken"}});
  }
  if (!made) co_return made.error();
  co_return json(201, wire::encode_rest_queue(made.value(), urls_of(backend, in.organization)));
}

Answer update_queue(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundQueue found, co_await find_queue(backend, call));
  OSTLER_CO_TRY(const auto decoded, wire::decode_rest_queue_change(call.body));
  if (!decoded.errors.empty()) co_return cluster_validation_failed(decoded.errors);
  store::UpdateQueue command{.cluster = found.queue.cluster,
                             .queue = found.queue.id,
                             .description = decoded.value.description,
                             .retry_affinity = decoded.value.retry_affinity,
                             .lease = decoded.value.lease};
  OSTLER_CO_TRY(const auto changed, co_await backend.store.update_queue(std::move(command)));
  co_return json(200, wire::encode_rest_queue(changed, urls_of(backend, found.in.organization)));
}

Answer delete_queue(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundQueue found, co_await find_queue(backend, call));
  OSTLER_CO_TRY(co_await backend.store.delete_queue(
      {found.queue.cluster, found.queue.id, backend.clock.now()}));
  co_return net::ServerResponse{.status = 204};
}

Answer pause_queue(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundQueue found, co_await find_queue(backend, call));
  OSTLER_CO_TRY(const auto note, wire::decode_rest_queue_pause(call.body));
  if (!note.errors.empty()) co_return cluster_validation_failed(note.errors);
  OSTLER_CO_TRY(const auto change,
                co_await backend.store.pause_queue({.cluster = found.queue.cluster,
                                                    .queue = found.queue.id,
                                                    .note = note.value,
                                                    .by = call.caller.user.id,
                                                    .now = backend.clock.now()}));
  backend.listener.changed(change.follow_ups);
  co_return json(200,
                 wire::encode_rest_queue(change.queue, urls_of(backend, found.in.organization)));
}

Answer resume_queue(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundQueue found, co_await find_queue(backend, call));
  OSTLER_CO_TRY(const auto change,
                co_await backend.store.resume_queue({found.queue.cluster, found.queue.id}));
  backend.listener.changed(change.follow_ups);
  co_return json(200,
                 wire::encode_rest_queue(change.queue, urls_of(backend, found.in.organization)));
}

}  // namespace ostler::rest_api
