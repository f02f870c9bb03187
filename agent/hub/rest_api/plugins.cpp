// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <utility>

#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/paging.hpp"
#include "hub/rest_api/plugin_handlers.hpp"
#include "hub/rest_api/received_archive.hpp"
#include "hub/rest_api/responses.hpp"
#include "store/plugin_records.hpp"
#include "wire/rest_plugin.hpp"

namespace ostler::rest_api {
namespace {

/// Bytes that go to a blocking thread at a time.
constexpr std::size_t kReceivePiece = 1u << 20;
constexpr std::size_t kLongestPlatform = 64;
constexpr int kArchiveTooLarge = 413;

using store::PublishedPlugin;

std::string encode(const PublishedPlugin& plugin) {
  const std::size_t key = plugin.signature.find_first_of(" \n");
  return wire::encode_rest_plugin({.id = plugin.id.str(),
                                   .name = plugin.name,
                                   .version = plugin.version,
                                   .platform = plugin.platform,
                                   .description = plugin.description,
                                   .sha256 = plugin.sha256,
                                   .signed_by = plugin.signature.substr(0, key),
                                   .archive_sha256 = plugin.archive_sha256,
                                   .size = plugin.size,
                                   .published_at = plugin.published_at});
}

bool is_platform(const std::string& text) {
  return !text.empty() && text.size() <= kLongestPlatform && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

/// Takes the body in; no more of it is in memory than a piece.
boost::asio::awaitable<Result<void>> receive(const Backend& backend, net::RequestBody& body,
                                             ReceivedArchive& archive) {
  std::string piece(kReceivePiece, '\0');
  for (bool is_over = false; !is_over;) {
    std::size_t filled = 0;
    while (filled < piece.size() && !is_over) {
      OSTLER_CO_TRY(const std::size_t got,
                    co_await body.read_some(std::span<char>(piece).subspan(filled)));
      is_over = got == 0;
      filled += got;
    }
    OSTLER_CO_TRY(backend.disk.admit());
    OSTLER_CO_TRY(co_await backend.threads.run(
        [&] { return archive.add(std::string_view(piece).substr(0, filled)); }));
  }
  co_return success();
}

/// What the archive is, with its bytes among the blobs.
boost::asio::awaitable<Result<PublishedPlugin>> examine_and_keep(const Backend& backend,
                                                                 ReceivedArchive& archive) {
  PublishedPlugin plugin;
  OSTLER_CO_TRY(co_await backend.archives.thread().run([&]() -> Result<void> {
    OSTLER_TRY(plugin, archive.examine());
    return archive.keep(plugin.id);
  }));
  co_return plugin;
}

boost::asio::awaitable<Result<PublishedPlugin>> take_in(const Backend& backend, Call& call) {
  OSTLER_CO_TRY(const auto place, backend.archives.enter());
  std::optional<ReceivedArchive> archive;
  OSTLER_CO_TRY(co_await backend.threads.run([&]() -> Result<void> {
    OSTLER_TRY(auto begun, ReceivedArchive::begin(backend.blobs));
    archive.emplace(std::move(begun));
    return success();
  }));
  OSTLER_CO_TRY(co_await receive(backend, *call.body_stream, *archive));
  co_return co_await examine_and_keep(backend, *archive);
}

/// Its bytes are there already, under another name, or are none of ours to keep.
boost::asio::awaitable<Result<void>> drop(const Backend& backend, PluginId id) {
  co_return co_await backend.threads.run(
      [&] { return backend.blobs.remove(store::BlobName::of(id)); });
}

}  // namespace

Answer list_plugins(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto page, read_page(call.query, "plugins"));
  OSTLER_CO_TRY(const auto organization, co_await find_organization(backend, call));
  OSTLER_CO_TRY(const auto found, co_await backend.store.plugins(organization.id, page));
  std::vector<std::string> items;
  for (const PublishedPlugin& plugin : found.items) items.push_back(encode(plugin));
  co_return list(call, items, page, found.has_next);
}

Answer publish_plugin(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto organization, co_await find_organization(backend, call));
  const std::string platform = call.query.value("platform").value_or("");
  if (!is_platform(platform)) {
    co_return validation_failed({{"platform", "must be like linux-x86_64-glibc"}});
  }
  const auto declared = call.body_stream->declared_size();
  if (declared && *declared > ReceivedArchive::kLargest) {
    co_return message(kArchiveTooLarge, "the archive is larger than 128 MiB");
  }
  OSTLER_CO_TRY(backend.disk.admit());
  auto taken = co_await take_in(backend, call);
  if (!taken && taken.error().code() == Errc::UserFault) {
    const int status = taken.error().native() == kArchiveTooLarge ? kArchiveTooLarge : 422;
    co_return message(status, taken.error().message());
  }
  OSTLER_CO_TRY(PublishedPlugin plugin, std::move(taken));
  const PluginId id = plugin.id;
  plugin.organization = organization.id;
  plugin.platform = platform;
  plugin.published_at = backend.clock.now();
  const auto published = co_await backend.store.publish_plugin(std::move(plugin));
  if (published && published.value().id == id) co_return json(201, encode(published.value()));
  OSTLER_CO_TRY(co_await drop(backend, id));
  if (published) co_return json(200, encode(published.value()));
  if (published.error().code() != Errc::Conflict) co_return published.error();
  co_return message(409, published.error().message());
}

/// The record goes first: a blob without one is swept.
Answer unpublish_plugin(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto organization, co_await find_organization(backend, call));
  auto gone = co_await backend.store.plugin_records().unpublish_plugin(
      {.organization = organization.id,
       .name = call.parameter("plugin"),
       .version = call.parameter("version"),
       .platform = call.query.value("platform").value_or(""),
       .now = backend.clock.now()});
  if (!gone && gone.error().code() == Errc::NotFound) {
    co_return message(404, gone.error().message());
  }
  OSTLER_CO_TRY(const auto ids, std::move(gone));
  for (const PluginId id : ids) {
    OSTLER_CO_TRY(co_await drop(backend, id));
  }
  co_return net::ServerResponse{.status = 204};
}

}  // namespace ostler::rest_api
