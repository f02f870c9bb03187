// SPDX-License-Identifier: Apache-2.0
#include "cache/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <thread>

#include "files/beneath.hpp"
#include "files/confine_thread.hpp"

namespace ostler::cache {
namespace {

constexpr std::uint64_t kMostEntries = 2'000'000;
constexpr std::int64_t kMostBytes = std::int64_t{64} << 30;  // of all its files, unpacked
constexpr std::size_t kBlock = 64u << 10;
constexpr mode_t kModes = 0777;

using Reader = std::unique_ptr<archive, decltype([](archive* from) { archive_read_free(from); })>;
using Writer = std::unique_ptr<archive, decltype([](archive* to) { archive_write_free(to); })>;
using Entry = std::unique_ptr<archive_entry,
                              decltype([](archive_entry* entry) { archive_entry_free(entry); })>;

Error archive_error(archive* of, const std::string& what) {
  const char* said = archive_error_string(of);
  return Error(Errc::Corrupt, what + ": " + (said == nullptr ? "no archive of a cache" : said));
}

/// Runs work on paths in a thread that cannot leave the directory, and stands in it.
template <class Work>
auto run_within(int directory, bool may_write, Work work) -> decltype(work()) {
  std::optional<decltype(work())> done;
  if (::fchdir(directory) != 0) return Error::from_errno(errno, "enter the directory");
  std::thread([&] {
    const auto confined = files::confine_thread(directory, may_write);
    done = confined ? work() : decltype(work())(confined.error());
  }).join();
  return std::move(*done);
}

/// Copies paths of the working directory.
class Packer {
 public:
  Packer() : disk_(archive_read_disk_new()), archive_(archive_write_new()) {
    archive_read_disk_set_symlink_physical(disk_.get());
    archive_read_disk_set_behavior(disk_.get(),
                                   ARCHIVE_READDISK_NO_ACL | ARCHIVE_READDISK_NO_XATTR |
                                       ARCHIVE_READDISK_NO_FFLAGS | ARCHIVE_READDISK_NO_SPARSE);
    archive_write_set_format_pax(archive_.get());
    archive_write_add_filter_zstd(archive_.get());
  }

  Result<std::uint64_t> pack(const std::vector<std::string>& paths, int into) {
    if (archive_write_open_fd(archive_.get(), into) != ARCHIVE_OK) return write_error();
    for (const std::string& path : paths) {
      struct stat found{};
      if (::lstat(path.c_str(), &found) != 0 && errno == ENOENT) continue;
      OSTLER_TRY(add_tree(path));
    }
    if (archive_write_close(archive_.get()) != ARCHIVE_OK) return write_error();
    return count_;
  }

 private:
  Error write_error() const { return archive_error(archive_.get(), "pack the cache"); }

  Result<void> add_tree(const std::string& path) {
    if (archive_read_disk_open(disk_.get(), path.c_str()) != ARCHIVE_OK) return read_error(path);
    for (;;) {
      const Entry entry(archive_entry_new());
      const int next = archive_read_next_header2(disk_.get(), entry.get());
      if (next == ARCHIVE_EOF) break;
      if (next < ARCHIVE_WARN) return read_error(path);
      archive_read_disk_descend(disk_.get());
      OSTLER_TRY(add(entry.get()));
    }
    archive_read_close(disk_.get());
    return success();
  }

  Error read_error(const std::string& path) const {
    return Error::from_errno(archive_errno(disk_.get()), "read " + path);
  }

  /// Sockets, devices and the like are nothing to keep.
  Result<void> add(archive_entry* entry) {
    const auto type = archive_entry_filetype(entry);
    if (type != AE_IFREG && type != AE_IFDIR && type != AE_IFLNK) return success();
    if (++count_ > kMostEntries) {
      return Error(Errc::UserFault, "a cache has at most 2,000,000 files");
    }
    OSTLER_TRY(count_bytes(entry));
    archive_entry_set_uid(entry, 0);
    archive_entry_set_gid(entry, 0);
    archive_entry_set_perm(entry, archive_entry_perm(entry) & kModes);
    if (archive_write_header(archive_.get(), entry) < ARCHIVE_WARN) return write_error();
    return type == AE_IFREG ? copy_content(archive_entry_pathname(entry)) : success();
  }

  /// A file has as many bytes in the archive as its entry says, however it grows or shrinks
  /// meanwhile, and holes count: what is kept is to be unpacked.
  Result<void> count_bytes(archive_entry* entry) {
    const std::int64_t size = archive_entry_size(entry);
    if (archive_entry_filetype(entry) != AE_IFREG) return success();
    if (size <= kMostBytes - bytes_) {
      bytes_ += size;
      return success();
    }
    return Error(Errc::UserFault, "a cache has at most 64 GiB, holes of files included; " +
                                      std::string(archive_entry_pathname(entry)) +
                                      " is beyond that");
  }

  Result<void> copy_content(const std::string& path) {
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    for (;;) {
      const int next = archive_read_data_block(disk_.get(), &bytes, &size, &offset);
      if (next == ARCHIVE_EOF) return success();
      if (next < ARCHIVE_WARN) return read_error(path);
      if (archive_write_data(archive_.get(), bytes, size) < 0) return write_error();
    }
  }

  Reader disk_;
  Writer archive_;
  std::uint64_t count_ = 0;
  std::int64_t bytes_ = 0;
};

/// Writes into the working directory.
class Unpacker {
 public:
  explicit Unpacker(const std::vector<std::string>& paths)
      : paths_(paths), archive_(archive_read_new()), disk_(archive_write_disk_new()) {
    archive_read_support_format_tar(archive_.get());
    archive_read_support_format_zip(archive_.get());
    archive_read_support_filter_zstd(archive_.get());
    archive_write_disk_set_options(
        disk_.get(), ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_UNLINK |
                         ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NODOTDOT |
                         ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS);
  }

  Result<void> unpack(int from) {
    if (archive_read_open_fd(archive_.get(), from, kBlock) != ARCHIVE_OK) return read_error();
    for (;;) {
      archive_entry* entry = nullptr;
      const int next = archive_read_next_header(archive_.get(), &entry);
      if (next == ARCHIVE_EOF) break;
      if (next < ARCHIVE_WARN) return read_error();
      OSTLER_TRY(take(entry));
    }
    if (archive_write_close(disk_.get()) != ARCHIVE_OK) return disk_error();
    return success();
  }

 private:
  Error read_error() const { return archive_error(archive_.get(), "read the cache"); }
  Error disk_error() const {
    const char* said = archive_error_string(disk_.get());
    return Error(Errc::Denied, "write what the cache has: " + std::string(said ? said : "failed"));
  }

  bool is_wanted(std::string_view name) const {
    return files::stays_beneath(name) && std::ranges::any_of(paths_, [&](const std::string& path) {
             return name == path || (name.starts_with(path) && name[path.size()] == '/');
           });
  }

  Result<void> take(archive_entry* entry) {
    const char* given = archive_entry_pathname(entry);
    std::string name = given == nullptr ? "" : given;
    while (name.ends_with('/')) name.pop_back();
    const auto type = archive_entry_filetype(entry);
    const bool is_kind = type == AE_IFREG || type == AE_IFDIR || type == AE_IFLNK;
    if (!is_kind || archive_entry_hardlink(entry) != nullptr || !is_wanted(name)) {
      return Error(Errc::Corrupt, "the cache has what was not asked for: " + name.substr(0, 200));
    }
    archive_entry_set_perm(entry, archive_entry_perm(entry) & kModes);
    if (archive_write_header(disk_.get(), entry) < ARCHIVE_WARN) return disk_error();
    OSTLER_TRY(copy_content());
    if (archive_write_finish_entry(disk_.get()) < ARCHIVE_WARN) return disk_error();
    return success();
  }

  Result<void> copy_content() {
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    for (;;) {
      const int next = archive_read_data_block(archive_.get(), &bytes, &size, &offset);
      if (next == ARCHIVE_EOF) return success();
      if (next < ARCHIVE_WARN) return read_error();
      written_ += static_cast<std::int64_t>(size);
      if (written_ > kMostBytes) return Error(Errc::Corrupt, "the cache has more than 64 GiB");
      if (archive_write_data_block(disk_.get(), bytes, size, offset) < ARCHIVE_WARN) {
        return disk_error();
      }
    }
  }

  const std::vector<std::string>& paths_;
  Reader archive_;
  Writer disk_;
  std::int64_t written_ = 0;
};

}  // namespace

Result<std::uint64_t> pack(int directory, const std::vector<std::string>& paths, int into) {
  return run_within(directory, false, [&] { return Packer().pack(paths, into); });
}

Result<void> unpack(int archive, const std::vector<std::string>& paths, int directory) {
  return run_within(directory, true, [&] { return Unpacker(paths).unpack(archive); });
}

}  // namespace ostler::cache
