// SPDX-License-Identifier: Apache-2.0
#include "files/file_lock.hpp"

#include <fcntl.h>

#include <cerrno>

namespace ostler::files {
namespace {

struct flock whole_file() {
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

Result<FileLock> FileLock::try_acquire(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return Error::from_errno(errno, "open " + path.string());
  return adopt(std::move(fd), path.string());
}

Result<FileLock> FileLock::adopt(UniqueFd fd, const std::string& name) {
  struct flock lock = whole_file();
  if (::fcntl(fd.get(), F_OFD_SETLK, &lock) != 0) {
    if (errno == EAGAIN || errno == EACCES) {
      return Error(Errc::Conflict, name + " is locked by another process");
    }
    return Error::from_errno(errno, "lock " + name);
  }
  return FileLock(std::move(fd));
}

Result<bool> FileLock::is_held(const std::filesystem::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) {
    if (errno == ENOENT) return false;
    return Error::from_errno(errno, "open " + path.string());
  }
  struct flock lock = whole_file();
  if (::fcntl(fd.get(), F_OFD_GETLK, &lock) != 0) {
    return Error::from_errno(errno, "query the lock on " + path.string());
  }
  return lock.l_type != F_UNLCK;
}

}  // namespace ostler::files
