// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/received_archive.hpp"

#include <utility>

#include "plugin_host/plugin_install.hpp"

namespace ostler::rest_api {
namespace {

constexpr int kTooLarge = 413;

/// The same fault without the name of a file that nobody but the hub knows.
Error without_place(const Error& error, const std::filesystem::path& place) {
  std::string text = error.message();
  const std::string prefix = place.string() + ": ";
  for (std::size_t at = 0; (at = text.find(prefix, at)) != text.npos;)
    text.erase(at, prefix.size());
  return Error(Errc::UserFault, text);
}

}  // namespace

Result<ReceivedArchive> ReceivedArchive::begin(store::BlobStore& blobs) {
  OSTLER_TRY(auto blob, blobs.create());
  return ReceivedArchive(std::move(blob));
}

Result<void> ReceivedArchive::add(std::string_view bytes) {
  size_ += bytes.size();
  if (size_ > kLargest) {
    return Error(Errc::UserFault, "the archive is larger than 128 MiB").with_native(kTooLarge);
  }
  digest_.update(bytes);
  return blob_->write(bytes);
}

Result<store::PublishedPlugin> ReceivedArchive::examine() {
  auto bundle = plugin_host::read_packed(blob_->path());
  if (!bundle) return without_place(bundle.error(), blob_->path());
  const plugin_host::Manifest& manifest = bundle.value().manifest;
  store::PublishedPlugin plugin;
  plugin.id = PluginId::make();
  plugin.name = manifest.id;
  plugin.version = manifest.version;
  plugin.description = manifest.description;
  plugin.sha256 = bundle.value().sha256;
  plugin.signature = bundle.value().signature;
  plugin.archive_sha256 = digest_.finish_hex();
  plugin.size = static_cast<std::int64_t>(size_);
  return plugin;
}

}  // namespace ostler::rest_api
