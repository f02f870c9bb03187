// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "hub/agent_api/handlers.hpp"
#include "store/plugin_records.hpp"
#include "wire/agent_api.hpp"

namespace ostler::agent_api {

Answer download_plugin(const Backend& backend, Call call) {
  auto found = co_await backend.store.plugin_for(
      call.agent, {.sha256 = call.request.parts.segments.back(),
                   .platform = call.request.parameter("platform").value_or("")});
  if (!found && found.error().native() == store::kPluginUnpublished) {
    co_return net::json_response(store::kPluginUnpublished,
                                 wire::encode_message(found.error().message()));
  }
  OSTLER_CO_TRY(const auto plugin, std::move(found));
  store::BlobFile file;
  OSTLER_CO_TRY(co_await backend.blocking.run([&]() -> Result<void> {
    OSTLER_TRY(file, backend.blobs.open(store::BlobName::of(plugin.id)));
    return success();
  }));
  net::ServerResponse response;
  response.headers = {{"Content-Type", "application/octet-stream"},
                      {std::string(wire::kPluginDigestHeader), plugin.archive_sha256}};
  response.body = net::FileRegion{std::move(file.fd), 0, static_cast<std::uint64_t>(file.size)};
  co_return response;
}

}  // namespace ostler::agent_api
