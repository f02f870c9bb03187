// SPDX-License-Identifier: Apache-2.0
#include "store/growing_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "store/folder.hpp"

namespace ostler::store {
namespace {

constexpr std::size_t kMostOpen = 256;

}  // namespace

Result<int> GrowingFiles::open(const std::filesystem::path& path) {
  if (const auto known = written_.find(path); known != written_.end()) {
    return known->second.fd.get();
  }
  if (written_.size() >= kMostOpen) {
    OSTLER_TRY(sync());
  }
  OSTLER_TRY(make_folder(path.parent_path()));
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return path_error("open", path);
  struct stat about{};
  if (::fstat(fd.get(), &about) != 0) return path_error("stat", path);
  const int opened = fd.get();
  written_.emplace(path, File{.fd = std::move(fd), .is_new = about.st_size == 0});
  return opened;
}

Result<void> GrowingFiles::write_at(const std::filesystem::path& path, std::int64_t position,
                                    std::string_view bytes) {
  OSTLER_TRY(const int fd, open(path));
  while (!bytes.empty()) {
    const auto count = ::pwrite(fd, bytes.data(), bytes.size(), position);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return path_error("write", path);
    position += count;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return success();
}

Result<void> GrowingFiles::sync() {
  while (!written_.empty()) {
    const auto& [path, file] = *written_.begin();
    if (::fdatasync(file.fd.get()) != 0) return path_error("sync", path);
    if (file.is_new) {
      OSTLER_TRY(sync_folder(path.parent_path()));
    }
    written_.erase(written_.begin());
  }
  return success();
}

}  // namespace ostler::store
