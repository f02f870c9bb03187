// SPDX-License-Identifier: Apache-2.0
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "plugin_host/archive_files.hpp"
#include "plugin_host/plugin_install.hpp"

namespace ostler::plugin_host {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestPacked = 256u << 20;  // as copy_and_seal has it

using WriteArchive =
    std::unique_ptr<archive, decltype([](archive* to) { archive_write_free(to); })>;
using Entry = std::unique_ptr<archive_entry,
                              decltype([](archive_entry* entry) { archive_entry_free(entry); })>;

/// Holds what an archive has of a plugin against its manifest.
class PackedFiles {
 public:
  explicit PackedFiles(const fs::path& path) : path_(path) {}

  /// The next file is none that an agent would not take; looked at before it is unpacked.
  Result<void> take(ArchiveFiles& files, const std::string& name, Bundle& bundle) {
    const bool is_signature = name == kSignatureName;
    if (!is_signature && bundle.manifest.sha256_of(name).empty()) {
      return packed_error(name + " is in the archive, but plugin.json does not list it");
    }
    if (digests_.contains(name)) return packed_error(name + " is twice in the archive");
    crypto::Digest digest(crypto::Algorithm::Sha256);
    OSTLER_TRY(files.read([&](std::string_view bytes) -> Result<void> {
      digest.update(bytes);
      if (!is_signature) return success();
      bundle.signature += bytes;
      if (bundle.signature.size() <= kLongestSignature) return success();
      return packed_error(name + " is larger than 1 KiB");
    }));
    digests_[name] = digest.finish_hex();
    return success();
  }

  Result<void> check(const Manifest& manifest) const {
    std::vector<std::string> faults;
    for (const auto& [name, sha256] : manifest.files) {
      const auto found = digests_.find(name);
      if (found == digests_.end()) {
        faults.push_back(name + ": is missing");
      } else if (found->second != sha256) {
        faults.push_back(name + ": its SHA-256 is " + found->second + ", not that of the manifest");
      }
    }
    if (!faults.empty()) return faulty(manifest, faults);
    return success();
  }

  Error packed_error(const std::string& what) const {
    return Error(Errc::UserFault, path_.string() + ": " + what);
  }

 private:
  const fs::path path_;
  std::map<std::string, std::string> digests_;
};

Result<Bundle> read_packed_manifest(ArchiveFiles& files, const PackedFiles& packed) {
  OSTLER_TRY(const auto first, files.next());
  if (first != kManifestName) {
    return packed.packed_error(
        "plugin.json is not its first file; `ostler plugin publish` packs it so");
  }
  std::string text;
  OSTLER_TRY(files.read([&](std::string_view bytes) -> Result<void> {
    text += bytes;
    if (text.size() <= kLongestManifest) return success();
    return packed.packed_error("plugin.json is larger than 1 MiB");
  }));
  return read_bundle({}, std::move(text));
}

Result<void> unpack_file(ArchiveFiles& files, const fs::path& to) {
  const UniqueFd file(
      ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file) return Error::from_errno(errno, "make " + to.string());
  return files.read([&](std::string_view bytes) { return files::write_all(file.get(), bytes); });
}

Error pack_error(const fs::path& path, archive* to) {
  const char* why = archive_error_string(to);
  return Error(Errc::Internal, "pack " + path.string() + ": " + (why == nullptr ? "" : why));
}

/// Without times and owners: they say nothing of the plugin.
Result<void> pack_file(archive* to, const fs::path& path) {
  OSTLER_TRY(const std::string bytes, files::read_file(path, kLongestPacked));
  const Entry entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), path.filename().c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
  if (archive_write_header(to, entry.get()) != ARCHIVE_OK) return pack_error(path, to);
  const la_ssize_t written = archive_write_data(to, bytes.data(), bytes.size());
  if (written != static_cast<la_ssize_t>(bytes.size())) return pack_error(path, to);
  return success();
}

}  // namespace

Result<void> pack_bundle(const Bundle& bundle, const fs::path& into) {
  const WriteArchive to(archive_write_new());
  archive_write_set_format_ustar(to.get());
  archive_write_add_filter_gzip(to.get());
  archive_write_set_options(to.get(), "gzip:!timestamp");
  if (archive_write_open_filename(to.get(), into.c_str()) != ARCHIVE_OK) {
    return pack_error(into, to.get());
  }
  std::vector<std::string> names = {kManifestName};
  if (!bundle.signature.empty()) names.emplace_back(kSignatureName);
  for (const auto& [name, sha256] : bundle.manifest.files) names.push_back(name);
  for (const std::string& name : names) {
    OSTLER_TRY(pack_file(to.get(), bundle.directory / name));
  }
  if (archive_write_close(to.get()) == ARCHIVE_OK) return success();
  return pack_error(into, to.get());
}

Result<Bundle> read_packed(const fs::path& path) {
  PackedFiles packed(path);
  OSTLER_TRY(ArchiveFiles files, ArchiveFiles::open(path));
  OSTLER_TRY(Bundle bundle, read_packed_manifest(files, packed));
  for (;;) {
    OSTLER_TRY(const auto name, files.next());
    if (!name) break;
    OSTLER_TRY(packed.take(files, *name, bundle));
  }
  OSTLER_TRY(packed.check(bundle.manifest));
  return bundle;
}

Result<fs::path> unpack_bundle(const fs::path& path, const fs::path& into) {
  OSTLER_TRY(ArchiveFiles files, ArchiveFiles::open(path));
  for (;;) {
    OSTLER_TRY(const auto name, files.next());
    const fs::path directory = into / files.directory();
    if (!name) return directory;
    std::error_code error;
    fs::create_directory(directory, error);
    OSTLER_TRY(unpack_file(files, directory / *name));
  }
}

}  // namespace ostler::plugin_host
