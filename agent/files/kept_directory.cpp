// SPDX-License-Identifier: Apache-2.0
#include "files/kept_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "files/file.hpp"
#include "files/tree_size.hpp"
#include "files/use_file.hpp"

namespace ostler::files {

namespace fs = std::filesystem;

namespace {

constexpr int kMostTries = 100;

Result<UniqueFd> open_use_file(const fs::path& place) {
  const fs::path path = place / kUseFile;
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return Error::from_errno(errno, "open " + path.string());
  return fd;
}

bool lock_use_file(const UniqueFd& file, int how) {
  while (::flock(file.get(), how) != 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

/// Whether nobody has moved it away since it was opened.
bool is_in_place(const UniqueFd& file, const fs::path& place) {
  struct stat held{};
  struct stat there{};
  return ::fstat(file.get(), &held) == 0 && ::lstat((place / kUseFile).c_str(), &there) == 0 &&
         held.st_ino == there.st_ino && held.st_dev == there.st_dev;
}

/// What is removed in the same moment is made anew.
Result<UniqueFd> lock_place(const fs::path& place) {
  for (int i = 0; i < kMostTries; ++i) {
    OSTLER_TRY(ensure_private_directory(place));
    auto file = open_use_file(place);
    if (!file && file.error().code() == Errc::NotFound) continue;
    if (!file) return file;
    if (!lock_use_file(file.value(), LOCK_SH))
      return Error::from_errno(errno, "lock " + place.string());
    if (is_in_place(file.value(), place)) return file;
  }
  return Error(Errc::Unavailable, place.string() + " is removed again and again");
}

UniqueFd open_files(const fs::path& files) {
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  UniqueFd fd(::open(files.c_str(), kFlags));
  if (fd || errno != EACCES) return fd;
  ::fchmodat(AT_FDCWD, files.c_str(), S_IRWXU, AT_SYMLINK_NOFOLLOW);
  return UniqueFd(::open(files.c_str(), kFlags));
}

/// Its user gives it what rights he likes, as by unpacking an archive there. Nobody else comes to
/// it: what it lies in is closed.
Result<void> ensure_files(const fs::path& files) {
  if (::mkdir(files.c_str(), S_IRWXU) == 0) return success();
  if (errno != EEXIST) return Error::from_errno(errno, "make directory " + files.string());
  const UniqueFd fd = open_files(files);
  struct stat found{};
  if (!fd || ::fstat(fd.get(), &found) != 0 || found.st_uid != ::geteuid()) {
    return Error(Errc::Denied, files.string() + " is no directory of ours; remove it");
  }
  if ((found.st_mode & 07777) == S_IRWXU || ::fchmod(fd.get(), S_IRWXU) == 0) return success();
  return Error::from_errno(errno, "chmod " + files.string());
}

}  // namespace

Result<KeptDirectory> KeptDirectory::take(const fs::path& root, const std::string& name,
                                          const std::string& owner) {
  if (!is_kept_name(name)) return Error(Errc::UserFault, "no directory is kept as " + name);
  OSTLER_TRY(ensure_private_directory(root));
  OSTLER_TRY(UniqueFd file, lock_place(root / name));
  const fs::path files = root / name / kKeptFiles;
  OSTLER_TRY(ensure_files(files));
  OSTLER_TRY(write_use(file.get(), noted_size(file.get()), owner));
  std::error_code ec;
  fs::path real = fs::canonical(files, ec);
  if (ec) return Error::from_errno(ec.value(), "find " + files.string());
  return KeptDirectory(std::move(file), std::move(real), owner);
}

Result<std::uint64_t> KeptDirectory::note_use(const ShouldStop& stop) {
  const TreeSize found = measure_tree(path_, stop);
  const std::uint64_t size =
      found.is_whole ? found.bytes : std::max(found.bytes, noted_size(lock_.get()));
  OSTLER_TRY(write_use(lock_.get(), size, owner_));
  return size;
}

}  // namespace ostler::files
