// SPDX-License-Identifier: Apache-2.0
#include "store/growing_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <iterator>

#include "store/folder.hpp"

namespace ostler::store {
namespace {

constexpr std::size_t kMostOpen = 256;

}  // namespace

Result<GrowingFiles::File*> GrowingFiles::open(const std::filesystem::path& path) {
  if (const auto known = by_path_.find(path.native()); known != by_path_.end()) {
    files_.splice(files_.begin(), files_, known->second);
    return &files_.front();
  }
  if (files_.size() >= kMostOpen) close_oldest_clean();
  OSTLER_TRY(make_folder(path.parent_path()));
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return path_error("open", path);
  struct stat about{};
  if (::fstat(fd.get(), &about) != 0) return path_error("stat", path);
  const bool is_new = about.st_size == 0;
  files_.push_front(File{.path = path, .fd = std::move(fd), .is_dirty = false, .is_new = is_new});
  by_path_[path.native()] = files_.begin();
  return &files_.front();
}

void GrowingFiles::close_oldest_clean() {
  for (auto file = files_.end(); file != files_.begin();) {
    --file;
    if (file->is_dirty) continue;
    by_path_.erase(file->path.native());
    files_.erase(file);
    return;
  }
}

Result<void> GrowingFiles::write_at(const std::filesystem::path& path, std::int64_t position,
                                    std::string_view bytes) {
  OSTLER_TRY(File* const file, open(path));
  file->is_dirty = true;
  while (!bytes.empty()) {
    const auto count = ::pwrite(file->fd.get(), bytes.data(), bytes.size(), position);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return path_error("write", path);
    position += count;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return success();
}

Result<void> GrowingFiles::sync_file(File& file) {
  if (::fdatasync(file.fd.get()) != 0) return path_error("sync", file.path);
  if (file.is_new) {
    OSTLER_TRY(sync_folder(file.path.parent_path()));
  }
  file.is_dirty = false;
  file.is_new = false;
  return success();
}

Result<void> GrowingFiles::sync() {
  // A written file is at the front, so the dirty ones come first.
  for (File& file : files_) {
    if (!file.is_dirty) break;
    OSTLER_TRY(sync_file(file));
  }
  return success();
}

}  // namespace ostler::store
