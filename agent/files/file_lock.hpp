// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::files {

/// A held exclusive lock on a file (open file description lock, so it lives as long as the
/// descriptor does, in this process and in children that inherit it). Never a pid file.
class FileLock {
 public:
  /// Opens (mode 0600, made if missing) and locks `path` without waiting.
  /// Errors: Conflict when somebody else holds it; Denied and others from the file system.
  static Result<FileLock> try_acquire(const std::filesystem::path& path);

  /// The lock that `fd` has, given by who started this program, or had not yet: then it is locked
  /// now, without waiting. `name` stands in errors.
  /// Errors: Conflict when somebody else holds it; others when `fd` is no such file.
  static Result<FileLock> adopt(UniqueFd fd, const std::string& name);

  /// Whether somebody holds the lock on `path` now. A missing file is not held.
  static Result<bool> is_held(const std::filesystem::path& path);

  /// The locked file, open for reading and writing.
  int fd() const { return fd_.get(); }
  UniqueFd release() && { return std::move(fd_); }

 private:
  explicit FileLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace ostler::files
