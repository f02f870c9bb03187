// SPDX-License-Identifier: Apache-2.0
#include "files/new_file_beneath.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/uuid.hpp"
#include "files/beneath.hpp"

namespace ostler::files {
namespace {

constexpr int kStepFlags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

Error not_through(const std::string& part) {
  return Error(Errc::Denied,
               "\"" + part + "\" on the way there is a symbolic link or no directory");
}

/// One part further down, made when it is not there.
Result<UniqueFd> step_into(int directory, const std::string& part) {
  if (::mkdirat(directory, part.c_str(), 0777) != 0 && errno != EEXIST) {
    return Error::from_errno(errno, "make directory " + part);
  }
  UniqueFd next(::openat(directory, part.c_str(), kStepFlags));
  if (!next && (errno == ELOOP || errno == ENOTDIR)) return not_through(part);
  if (!next) return Error::from_errno(errno, "open directory " + part);
  return next;
}

std::string name_of_partial() { return ".ostler-download-" + Uuid::make().str(); }

}  // namespace

NewFileBeneath::NewFileBeneath(UniqueFd parent, UniqueFd file, std::string partial,
                               std::string name)
    : parent_(std::move(parent)),
      file_(std::move(file)),
      partial_(std::move(partial)),
      name_(std::move(name)) {}

NewFileBeneath::~NewFileBeneath() {
  if (parent_ && !partial_.empty()) ::unlinkat(parent_.get(), partial_.c_str(), 0);
}

Result<NewFileBeneath> NewFileBeneath::make(int directory, std::string_view relative) {
  if (!stays_beneath(relative)) {
    return Error(Errc::Denied, "\"" + std::string(relative) + "\" leads out of its directory");
  }
  UniqueFd parent(::openat(directory, ".", kStepFlags));
  if (!parent) return Error::from_errno(errno, "open the directory");
  std::size_t begin = 0;
  for (std::size_t end; (end = relative.find('/', begin)) != relative.npos; begin = end + 1) {
    OSTLER_TRY(parent, step_into(parent.get(), std::string(relative.substr(begin, end - begin))));
  }
  std::string partial;
  UniqueFd file(::openat(parent.get(), ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600));
  if (!file) {  // not every file system has files without a name
    partial = name_of_partial();
    file = UniqueFd(::openat(parent.get(), partial.c_str(),
                             O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  }
  if (!file) return Error::from_errno(errno, "create " + partial);
  return NewFileBeneath(std::move(parent), std::move(file), std::move(partial),
                        std::string(relative.substr(begin)));
}

std::filesystem::path NewFileBeneath::path() const {
  return "/proc/self/fd/" + std::to_string(file_.get());
}

/// Only rename() replaces what is there, and it takes a name.
Result<void> NewFileBeneath::give_name() {
  std::string partial = name_of_partial();
  if (::linkat(AT_FDCWD, path().c_str(), parent_.get(), partial.c_str(), AT_SYMLINK_FOLLOW) != 0) {
    return Error::from_errno(errno, "create " + partial);
  }
  partial_ = std::move(partial);
  return success();
}

Result<void> NewFileBeneath::keep(mode_t mode) {
  if (::fchmod(file_.get(), mode) != 0) return Error::from_errno(errno, "set the mode of " + name_);
  if (partial_.empty()) {
    OSTLER_TRY(give_name());
  }
  if (::renameat(parent_.get(), partial_.c_str(), parent_.get(), name_.c_str()) != 0) {
    return Error::from_errno(errno, "rename to " + name_);
  }
  partial_.clear();
  return success();
}

}  // namespace ostler::files
