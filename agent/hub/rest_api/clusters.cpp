// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_cluster.hpp"
#include "wire/rest_cluster_requests.hpp"

namespace ostler::rest_api {
namespace {

net::ServerResponse name_is_taken() {
  return cluster_validation_failed({{"name", "has already been taken"}});
}

}  // namespace

Answer list_clusters(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "clusters"));
  OSTLER_CO_TRY(const auto organization, co_await find_organization(backend, call));
  OSTLER_CO_TRY(const auto clusters, co_await backend.store.clusters(organization.id));
  const auto urls = urls_of(backend, organization);
  std::vector<std::string> items;
  for (const model::Cluster& cluster : clusters) {
    items.push_back(wire::encode_rest_cluster(cluster, urls));
  }
  co_return list_part(call, items, page);
}

Answer get_cluster(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundCluster found, co_await find_cluster(backend, call));
  co_return json(200,
                 wire::encode_rest_cluster(found.cluster, urls_of(backend, found.organization)));
}

Answer create_cluster(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto organization, co_await find_organization(backend, call));
  OSTLER_CO_TRY(const auto decoded, wire::decode_rest_new_cluster(call.body));
  if (!decoded.errors.empty()) co_return cluster_validation_failed(decoded.errors);
  const wire::RestClusterRequest& asked = decoded.value;
  store::CreateCluster command{.organization = organization.id,
                               .name = asked.name.value_or(""),
                               .description = asked.description.value_or(""),
                               .emoji = asked.emoji.value_or(""),
                               .color = asked.color.value_or(""),
                               .by = call.caller.user.id,
                               .now = backend.clock.now()};
  const auto made = co_await backend.store.create_cluster(std::move(command));
  if (!made && made.error().code() == Errc::Conflict) co_return name_is_taken();
  if (!made) co_return made.error();
  co_return json(201, wire::encode_rest_cluster(made.value(), urls_of(backend, organization)));
}

Answer update_cluster(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundCluster found, co_await find_cluster(backend, call));
  OSTLER_CO_TRY(const auto decoded, wire::decode_rest_cluster_change(call.body));
  if (!decoded.errors.empty()) co_return cluster_validation_failed(decoded.errors);
  const wire::RestClusterRequest& asked = decoded.value;
  store::UpdateCluster command{.organization = found.organization.id,
                               .cluster = found.cluster.id,
                               .name = asked.name,
                               .description = asked.description,
                               .emoji = asked.emoji,
                               .color = asked.color};
  if (asked.default_queue_id) {
    command.default_queue = QueueId::parse(*asked.default_queue_id).value_or(QueueId{});
  }
  const auto changed = co_await backend.store.update_cluster(std::move(command));
  if (!changed && changed.error().code() == Errc::Conflict) co_return name_is_taken();
  if (!changed && changed.error().code() == Errc::NotFound && asked.default_queue_id) {
    co_return cluster_validation_failed({{"default_queue", "must be a queue of the cluster"}});
  }
  if (!changed) co_return changed.error();
  co_return json(200,
                 wire::encode_rest_cluster(changed.value(), urls_of(backend, found.organization)));
}

Answer delete_cluster(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundCluster found, co_await find_cluster(backend, call));
  OSTLER_CO_TRY(co_await backend.store.delete_cluster(
      {found.organization.id, found.cluster.id, backend.clock.now()}));
  co_return net::ServerResponse{.status = 204};
}

}  // namespace ostler::rest_api
