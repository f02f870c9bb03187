// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_secret.hpp"

namespace ostler::rest_api {
namespace {

using store::ClusterSecret;

struct FoundSecret {
  FoundCluster in;
  ClusterSecret secret;
};

Lookup<FoundSecret> find_secret(const Backend& backend, const Call& call) {
  OSTLER_CO_TRY(FoundCluster cluster, co_await find_cluster(backend, call));
  const auto id = SecretId::parse(call.parameter("secret"));
  if (!id) co_return not_found();
  auto secret = co_await backend.store.secret(cluster.cluster.id, *id);
  if (!secret && secret.error().code() == Errc::NotFound) co_return not_found();
  if (!secret) co_return secret.error();
  co_return FoundSecret{std::move(cluster), std::move(secret).value()};
}

std::string encode(const Backend& backend, const FoundCluster& in, const ClusterSecret& secret) {
  std::optional<wire::RestSecretWriter> writer;
  if (secret.writer) {
    writer = {secret.writer->job.uuid, secret.writer->build.uuid, secret.writer->plugin};
  }
  return wire::encode_rest_secret({.id = secret.id.uuid,
                                   .cluster = secret.cluster,
                                   .key = secret.key,
                                   .description = secret.description,
                                   .created_at = secret.created_at,
                                   .updated_at = secret.updated_at,
                                   .writable_by_jobs = secret.writable_by_jobs,
                                   .writer = std::move(writer)},
                                  urls_of(backend, in.organization));
}

}  // namespace

Answer list_secrets(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "secrets"));
  OSTLER_CO_TRY(const FoundCluster cluster, co_await find_cluster(backend, call));
  OSTLER_CO_TRY(const auto secrets, co_await backend.store.secrets(cluster.cluster.id));
  std::vector<std::string> items;
  for (const ClusterSecret& secret : secrets) items.push_back(encode(backend, cluster, secret));
  co_return list_part(call, items, page);
}

Answer get_secret(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundSecret found, co_await find_secret(backend, call));
  co_return json(200, encode(backend, found.in, found.secret));
}

Answer create_secret(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundCluster cluster, co_await find_cluster(backend, call));
  OSTLER_CO_TRY(const auto decoded, wire::decode_rest_secret_request(call.body));
  if (!decoded.errors.empty()) co_return validation_failed(decoded.errors);
  const wire::RestSecretRequest& request = decoded.value;
  store::CreateSecret command{
      .cluster = cluster.cluster.id,
      .key = request.key,
      .description = request.description.value_or(""),
      .sealed = backend.sealer.seal(cluster.cluster.id, request.key, request.value),
      .writable_by_jobs = request.writable_by_jobs.value_or(false),
      .now = backend.clock.now()};
  const auto created = co_await backend.store.create_secret(std::move(command));
  if (!created && created.error().code() == Errc::Conflict) {
    co_return validation_failed({{"key", "has already been taken"}});
  }
  if (!created) co_return created.error();
  co_return json(201, encode(backend, cluster, created.value()));
}

Answer update_secret(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundSecret found, co_await find_secret(backend, call));
  OSTLER_CO_TRY(const auto decoded, wire::decode_rest_secret_change(call.body));
  if (!decoded.errors.empty()) co_return validation_failed(decoded.errors);
  store::UpdateSecret command{.cluster = found.in.cluster.id,
                              .id = found.secret.id,
                              .description = decoded.value.description,
                              .writable_by_jobs = decoded.value.writable_by_jobs,
                              .now = backend.clock.now()};
  OSTLER_CO_TRY(const auto updated, co_await backend.store.update_secret(std::move(command)));
  co_return json(200, encode(backend, found.in, updated));
}

Answer set_secret_value(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundSecret found, co_await find_secret(backend, call));
  OSTLER_CO_TRY(const auto decoded, wire::decode_rest_secret_value(call.body));
  if (!decoded.errors.empty()) co_return validation_failed(decoded.errors);
  store::UpdateSecret command{
      .cluster = found.in.cluster.id,
      .id = found.secret.id,
      .sealed = backend.sealer.seal(found.in.cluster.id, found.secret.key, decoded.value.value),
      .now = backend.clock.now()};
  OSTLER_CO_TRY(const auto updated, co_await backend.store.update_secret(std::move(command)));
  co_return json(200, encode(backend, found.in, updated));
}

Answer delete_secret(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundSecret found, co_await find_secret(backend, call));
  OSTLER_CO_TRY(co_await backend.store.delete_secret({found.in.cluster.id, found.secret.id}));
  co_return net::ServerResponse{.status = 204};
}

}  // namespace ostler::rest_api
