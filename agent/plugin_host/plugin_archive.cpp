// SPDX-License-Identifier: Apache-2.0
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "files/file.hpp"
#include "plugin_host/plugin_install.hpp"

namespace ostler::plugin_host {

namespace fs = std::filesystem;

namespace {

constexpr int kMostFilesInArchive = 64;
constexpr std::uint64_t kMostUnpacked = std::uint64_t{512} << 20;
constexpr std::size_t kUnpackPiece = 64 << 10;

constexpr std::size_t kLongestPacked = 256u << 20;  // as copy_and_seal has it

using WriteArchive =
    std::unique_ptr<archive, decltype([](archive* to) { archive_write_free(to); })>;
using Entry = std::unique_ptr<archive_entry,
                              decltype([](archive_entry* entry) { archive_entry_free(entry); })>;
using ReadArchive =
    std::unique_ptr<archive, decltype([](archive* from) { archive_read_free(from); })>;

Error unpack_error(const fs::path& path, const std::string& what) {
  return Error(Errc::UserFault, path.string() + ": " + what);
}

Result<ReadArchive> open_archive(const fs::path& path) {
  ReadArchive from(archive_read_new());
  archive_read_support_format_tar(from.get());
  archive_read_support_filter_gzip(from.get());
  archive_read_support_filter_xz(from.get());
  archive_read_support_filter_zstd(from.get());
  if (archive_read_open_filename(from.get(), path.c_str(), kUnpackPiece) == ARCHIVE_OK) {
    return from;
  }
  const char* why = archive_error_string(from.get());
  return unpack_error(path, std::string("no tar archive: ") + (why == nullptr ? "" : why));
}

/// The directory and the name of "name", "./name", "dir/name"; no name: it is a directory.
/// Errors: UserFault for whatever else could lead out of where it is unpacked.
Result<std::pair<std::string, std::string>> split_entry(const fs::path& archive,
                                                        archive_entry* entry) {
  const char* given = archive_entry_pathname(entry);
  std::string path = given == nullptr ? "" : given;
  if (path.starts_with("./")) path.erase(0, 2);
  const bool is_directory = archive_entry_filetype(entry) == AE_IFDIR;
  if (is_directory && path.ends_with('/')) path.pop_back();
  const std::size_t slash = path.find('/');
  const std::string directory = is_directory         ? path
                                : slash == path.npos ? ""
                                                     : path.substr(0, slash);
  const std::string name = is_directory ? "" : slash == path.npos ? path : path.substr(slash + 1);
  const bool is_plain = is_directory || (archive_entry_filetype(entry) == AE_IFREG &&
                                         archive_entry_hardlink(entry) == nullptr);
  const bool fits = is_plain && directory.find('/') == path.npos && name.find('/') == path.npos &&
                    !directory.starts_with('.') && !name.starts_with('.') &&
                    (is_directory || !name.empty());
  if (fits) return std::pair(directory, name);
  return unpack_error(archive, "\"" + path + "\" is no file at the top or in one directory");
}

Result<void> unpack_file(archive* from, const fs::path& to, std::uint64_t& unpacked) {
  const UniqueFd file(
      ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file) return Error::from_errno(errno, "make " + to.string());
  std::array<char, kUnpackPiece> piece{};
  for (;;) {
    const la_ssize_t size = archive_read_data(from, piece.data(), piece.size());
    if (size == 0) return success();
    if (size < 0) return unpack_error(to, "the archive is damaged");
    unpacked += static_cast<std::uint64_t>(size);
    if (unpacked > kMostUnpacked) return unpack_error(to, "more than 512 MiB in the archive");
    OSTLER_TRY(files::write_all(file.get(), {piece.data(), static_cast<std::size_t>(size)}));
  }
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

Result<fs::path> unpack_bundle(const fs::path& path, const fs::path& into) {
  OSTLER_TRY(const ReadArchive from, open_archive(path));
  std::uint64_t unpacked = 0;
  std::string top;
  archive_entry* entry = nullptr;
  for (int count = 0;; ++count) {
    const int read = archive_read_next_header(from.get(), &entry);
    if (read == ARCHIVE_EOF) break;
    if (read < ARCHIVE_WARN) return unpack_error(path, "no tar archive, or a damaged one");
    if (count == kMostFilesInArchive) return unpack_error(path, "more than 64 files");
    OSTLER_TRY(const auto place, split_entry(path, entry));
    if (count == 0) top = place.first;
    if (place.first != top) return unpack_error(path, "files in more than one directory");
    std::error_code error;
    fs::create_directory(into / top, error);
    if (place.second.empty()) continue;
    OSTLER_TRY(unpack_file(from.get(), into / top / place.second, unpacked));
  }
  return into / top;
}

}  // namespace ostler::plugin_host
