// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <utility>

#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/plugin_handlers.hpp"
#include "hub/rest_api/responses.hpp"
#include "store/plugin_records.hpp"
#include "wire/agent_api.hpp"

namespace ostler::rest_api {

/// The bytes that agents get, with the same header.
Answer download_plugin_archive(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto organization, co_await find_organization(backend, call));
  auto found = co_await backend.store.plugin_records().published_plugin(
      {.organization = organization.id,
       .name = call.parameter("plugin"),
       .version = call.parameter("version"),
       .platform = call.query.value("platform").value_or("")});
  if (!found && found.error().code() == Errc::NotFound) {
    const bool was_there = found.error().native() == store::kPluginUnpublished;
    co_return message(was_there ? store::kPluginUnpublished : 404, found.error().message());
  }
  OSTLER_CO_TRY(const auto plugin, std::move(found));
  store::BlobFile file;
  OSTLER_CO_TRY(co_await backend.threads.run([&]() -> Result<void> {
    OSTLER_TRY(file, backend.blobs.open(store::BlobName::of(plugin.id)));
    return success();
  }));
  net::ServerResponse response;
  response.headers = {{"Content-Type", "application/octet-stream"},
                      {std::string(wire::kPluginDigestHeader), plugin.archive_sha256}};
  response.body = net::FileRegion{std::move(file.fd), 0, static_cast<std::uint64_t>(file.size)};
  co_return response;
}

}  // namespace ostler::rest_api
