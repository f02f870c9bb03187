// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "hub/agent_api/handlers.hpp"
#include "wire/agent_api_caches.hpp"

namespace ostler::agent_api {
namespace {

/// The registry that each cluster has.
constexpr std::string_view kDefaultRegistry = "~";

/// The cluster whose registry the path names. Errors: NotFound when it names another one.
boost::asio::awaitable<Result<ClusterId>> cluster_of(const Backend& backend, const Call& call) {
  if (call.request.parts.segments[2] != kDefaultRegistry) {
    co_return Error(Errc::NotFound, "Cache registry not found");
  }
  OSTLER_CO_TRY(const auto agent, co_await backend.store.agent(call.agent));
  co_return agent.cluster;
}

boost::asio::awaitable<Result<store::FoundCache>> find(const Backend& backend, const Call& call,
                                                       bool may_fall_back) {
  OSTLER_CO_TRY(const auto cluster, co_await cluster_of(backend, call));
  OSTLER_CO_TRY(auto wanted, wire::decode_cache_address(call.body));
  store::FindCache query{.cluster = cluster,
                         .target_paths = std::move(wanted.target_paths),
                         .key = std::move(wanted.key),
                         .may_fall_back = may_fall_back,
                         .now = backend.clock.now()};
  OSTLER_CO_TRY(auto found, co_await backend.store.find_cache(std::move(query)));
  if (!found) co_return Error(Errc::NotFound, "Cache entry not found");
  co_return std::move(*found);
}

wire::CacheAnswer answer_of(store::CacheEntry entry) {
  wire::CacheAnswer answer;
  answer.target_paths = std::move(entry.target_paths);
  answer.key = std::move(entry.key);
  answer.blobs = std::move(entry.blobs);
  return answer;
}

}  // namespace

Answer describe_cache_registry(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto cluster, co_await cluster_of(backend, call));
  co_return ok(wire::encode_cache_registry(cluster.str()));
}

Answer peek_cache(const Backend& backend, Call call) {
  OSTLER_CO_TRY(auto found, co_await find(backend, call, false));
  co_return ok(wire::encode_cache_peek(answer_of(std::move(found.entry))));
}

Answer retrieve_cache(const Backend& backend, Call call) {
  OSTLER_CO_TRY(auto found, co_await find(backend, call, true));
  const Timestamp expires_at = found.entry.expires_at;
  co_return ok(wire::encode_cache_retrieve(answer_of(std::move(found.entry)), expires_at,
                                           found.is_fall_back));
}

Answer store_cache(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto cluster, co_await cluster_of(backend, call));
  OSTLER_CO_TRY(auto asked, wire::decode_cache_store(call.body));
  store::StoreCache command{.cluster = cluster,
                            .target_paths = std::move(asked.target_paths),
                            .key = std::move(asked.key),
                            .blobs = std::move(asked.blobs),
                            .platform = std::move(asked.platform),
                            .now = backend.clock.now()};
  OSTLER_CO_TRY(const auto id, co_await backend.store.store_cache(std::move(command)));
  co_return ok(wire::encode_cache_upload(id.str()));
}

Answer commit_cache(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto cluster, co_await cluster_of(backend, call));
  OSTLER_CO_TRY(const auto text, wire::decode_cache_commit(call.body));
  const auto id = CacheId::parse(text);
  if (!id) co_return Error(Errc::NotFound, "no such cache upload");
  OSTLER_CO_TRY(co_await backend.store.commit_cache({cluster, *id, backend.clock.now()}));
  co_return ok(wire::encode_cache_committed());
}

Answer expire_cache(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto cluster, co_await cluster_of(backend, call));
  OSTLER_CO_TRY(auto gone, wire::decode_cache_address(call.body));
  OSTLER_CO_TRY(co_await backend.store.expire_cache(
      {cluster, std::move(gone.target_paths), std::move(gone.key)}));
  co_return ok("{}");
}

}  // namespace ostler::agent_api
