// SPDX-License-Identifier: Apache-2.0
#include "files/remove_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string>

#include "base/unique_fd.hpp"

namespace ostler::files {
namespace {

using DirectoryStream = std::unique_ptr<DIR, decltype([](DIR* stream) { ::closedir(stream); })>;

Result<UniqueFd> open_directory(int parent, const char* name, const std::string& shown) {
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  UniqueFd fd(::openat(parent, name, kFlags));
  if (!fd && errno == EACCES) {
    ::fchmodat(parent, name, S_IRWXU, 0);
    fd.reset(::openat(parent, name, kFlags));
  }
  if (!fd) return Error::from_errno(errno, "open directory " + shown);
  return fd;
}

/// Each level costs stack and a descriptor.
constexpr int kDeepest = 500;

Result<void> remove_at(int parent, const char* name, const std::string& shown, int depth);

Result<void> empty_directory(UniqueFd fd, const std::string& shown, int depth) {
  if (depth > kDeepest) return Error(Errc::Denied, "remove " + shown + ": too many levels");
  const DirectoryStream stream(::fdopendir(fd.get()));
  if (!stream) return Error::from_errno(errno, "list " + shown);
  const int directory = fd.release();
  struct stat found{};
  if (::fstat(directory, &found) == 0 && (found.st_mode & S_IRWXU) != S_IRWXU) {
    ::fchmod(directory, (found.st_mode & 07777) | S_IRWXU);
  }
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    OSTLER_TRY(remove_at(directory, name.c_str(), shown + "/" + name, depth + 1));
  }
  return success();
}

Result<void> remove_at(int parent, const char* name, const std::string& shown, int depth) {
  if (::unlinkat(parent, name, 0) == 0 || errno == ENOENT) return success();
  if (errno != EISDIR && errno != EPERM) return Error::from_errno(errno, "remove " + shown);
  if (errno == EPERM) {
    struct stat found{};
    if (::fstatat(parent, name, &found, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(found.st_mode)) {
      return Error::from_errno(EPERM, "remove " + shown);
    }
  }
  OSTLER_TRY(auto fd, open_directory(parent, name, shown));
  OSTLER_TRY(empty_directory(std::move(fd), shown, depth));
  if (::unlinkat(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT) return success();
  return Error::from_errno(errno, "remove " + shown);
}

}  // namespace

Result<void> remove_tree(const std::filesystem::path& path) {
  return remove_at(AT_FDCWD, path.c_str(), path.string(), 0);
}

}  // namespace ostler::files
