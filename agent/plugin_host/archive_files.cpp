// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/archive_files.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <array>
#include <utility>

namespace ostler::plugin_host {

namespace fs = std::filesystem;

namespace {

constexpr int kMostFilesInArchive = 64;
constexpr std::uint64_t kMostUnpacked = std::uint64_t{512} << 20;
constexpr std::size_t kUnpackPiece = 64 << 10;

Error unpack_error(const fs::path& path, const std::string& what) {
  return Error(Errc::UserFault, path.string() + ": " + what);
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

}  // namespace

void ArchiveFiles::Close::operator()(archive* from) const { archive_read_free(from); }

Result<ArchiveFiles> ArchiveFiles::open(const fs::path& path) {
  Handle from(archive_read_new());
  archive_read_support_format_tar(from.get());
  archive_read_support_filter_gzip(from.get());
  archive_read_support_filter_xz(from.get());
  archive_read_support_filter_zstd(from.get());
  if (archive_read_open_filename(from.get(), path.c_str(), kUnpackPiece) == ARCHIVE_OK) {
    return ArchiveFiles(path, std::move(from));
  }
  const char* why = archive_error_string(from.get());
  return unpack_error(path, std::string("no tar archive: ") + (why == nullptr ? "" : why));
}

Result<std::optional<std::string>> ArchiveFiles::next() {
  for (;; ++count_) {
    archive_entry* entry = nullptr;
    const int read = archive_read_next_header(from_.get(), &entry);
    if (read == ARCHIVE_EOF) return std::optional<std::string>();
    if (read < ARCHIVE_WARN) return unpack_error(path_, "no tar archive, or a damaged one");
    if (count_ == kMostFilesInArchive) return unpack_error(path_, "more than 64 files");
    OSTLER_TRY(auto place, split_entry(path_, entry));
    if (count_ == 0) directory_ = place.first;
    if (place.first != directory_) return unpack_error(path_, "files in more than one directory");
    if (place.second.empty()) continue;
    ++count_;
    name_ = std::move(place.second);
    return std::optional(name_);
  }
}

Result<void> ArchiveFiles::read(const std::function<Result<void>(std::string_view)>& take) {
  std::array<char, kUnpackPiece> piece{};
  for (;;) {
    const la_ssize_t size = archive_read_data(from_.get(), piece.data(), piece.size());
    if (size == 0) return success();
    if (size < 0) return unpack_error(path_, name_ + ": the archive is damaged");
    unpacked_ += static_cast<std::uint64_t>(size);
    if (unpacked_ > kMostUnpacked) {
      return unpack_error(path_, name_ + ": more than 512 MiB in the archive");
    }
    OSTLER_TRY(take({piece.data(), static_cast<std::size_t>(size)}));
  }
}

}  // namespace ostler::plugin_host
