// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "hub/agent_api/handlers.hpp"
#include "wire/agent_api.hpp"

namespace ostler::agent_api {
namespace {

/// The build whose meta-data a call means: that of the job, or the one in the path.
boost::asio::awaitable<Result<BuildId>> build_of(const Backend& backend, const Call& call) {
  if (call.request.parts.segments[1] == "builds") {
    const auto build = BuildId::parse(call.id);
    if (!build) co_return Error(Errc::NotFound, "no such build");
    OSTLER_CO_TRY(co_await check_readable(backend, call, *build));
    co_return *build;
  }
  OSTLER_CO_TRY(const auto own, co_await own_job(backend, call));
  co_return own.build;
}

Answer set_all(const Backend& backend, const Call& call, std::vector<wire::MetaDatum> items) {
  OSTLER_CO_TRY(const auto build, co_await build_of(backend, call));
  store::SetMetaData command{.build = build, .items = {}, .now = backend.clock.now()};
  for (auto& item : items) {
    command.items.emplace_back(std::move(item.key), std::move(item.value));
  }
  OSTLER_CO_TRY(co_await backend.store.set_meta_data(std::move(command)));
  backend.changes.told(build);
  co_return ok("{}");
}

}  // namespace

Answer set_meta_datum(const Backend& backend, Call call) {
  OSTLER_CO_TRY(auto datum, wire::decode_meta_datum(call.body));
  co_return co_await set_all(backend, call, {std::move(datum)});
}

Answer set_meta_data_batch(const Backend& backend, Call call) {
  OSTLER_CO_TRY(auto items, wire::decode_meta_data_batch(call.body));
  co_return co_await set_all(backend, call, std::move(items));
}

Answer get_meta_datum(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto key, wire::decode_meta_data_key(call.body));
  OSTLER_CO_TRY(const auto build, co_await build_of(backend, call));
  OSTLER_CO_TRY(const auto value, co_await backend.store.meta_data(build, key));
  if (!value) co_return Error(Errc::NotFound, "no meta-data with the key " + key);
  co_return ok(wire::encode(wire::MetaDatum{key, *value}));
}

Answer meta_datum_exists(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto key, wire::decode_meta_data_key(call.body));
  OSTLER_CO_TRY(const auto build, co_await build_of(backend, call));
  OSTLER_CO_TRY(const auto value, co_await backend.store.meta_data(build, key));
  co_return ok(wire::encode_exists(value.has_value()));
}

Answer meta_data_keys(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto build, co_await build_of(backend, call));
  OSTLER_CO_TRY(const auto keys, co_await backend.store.meta_data_keys(build));
  co_return ok(wire::encode_keys(keys));
}

}  // namespace ostler::agent_api
