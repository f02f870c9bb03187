// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/received_archive.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/joined.hpp"
#include "files/file.hpp"
#include "plugin_host/plugin_install.hpp"

namespace ostler::rest_api {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kKeepPiece = 1u << 20;
constexpr int kTooLarge = 413;

/// The same fault without the names of directories that nobody but the hub knows.
Error without_place(const Error& error, const fs::path& place) {
  std::string text = error.message();
  const std::string prefix = place.string() + "/";
  for (std::size_t at = 0; (at = text.find(prefix, at)) != text.npos;)
    text.erase(at, prefix.size());
  return Error(Errc::UserFault, text);
}

Result<plugin_host::Bundle> unpack(const fs::path& archive, const fs::path& into) {
  OSTLER_TRY(const fs::path directory, plugin_host::unpack_bundle(archive, into));
  OSTLER_TRY(auto bundle, plugin_host::open_bundle(directory));
  const auto faults = plugin_host::changed_files(bundle);
  if (faults.empty()) return bundle;
  return Error(Errc::UserFault,
               bundle.manifest.reference() + " has faults\n" + joined(faults, "\n"));
}

}  // namespace

Result<ReceivedArchive> ReceivedArchive::begin() {
  OSTLER_TRY(auto scratch, plugin_host::ScratchDirectory::make(""));
  const fs::path path = fs::path(scratch.path()) / "archive";
  UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) return Error::from_errno(errno, "make " + path.string());
  return ReceivedArchive(std::move(scratch), std::move(file));
}

fs::path ReceivedArchive::path() const { return fs::path(scratch_.path()) / "archive"; }

Result<void> ReceivedArchive::add(std::string_view bytes) {
  size_ += bytes.size();
  if (size_ > kLargest) {
    return Error(Errc::UserFault, "the archive is larger than 128 MiB").with_native(kTooLarge);
  }
  digest_.update(bytes);
  return files::write_all(file_.get(), bytes);
}

Result<store::PublishedPlugin> ReceivedArchive::examine() {
  const fs::path place = fs::path(scratch_.path()) / "bundle";
  OSTLER_TRY(files::ensure_private_directory(place));
  auto bundle = unpack(path(), place);
  if (!bundle) return without_place(without_place(bundle.error(), place), scratch_.path());
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

Result<void> ReceivedArchive::keep(store::BlobStore& blobs, store::BlobName name) const {
  OSTLER_TRY(const auto blob, blobs.create());
  std::string piece(kKeepPiece, '\0');
  for (off_t at = 0;;) {
    const ssize_t size = ::pread(file_.get(), piece.data(), piece.size(), at);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Error::from_errno(errno, "read " + path().string());
    if (size == 0) return blob->finish(name);
    OSTLER_TRY(blob->write({piece.data(), static_cast<std::size_t>(size)}));
    at += size;
  }
}

}  // namespace ostler::rest_api
