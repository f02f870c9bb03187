// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "checkout/progress_log.hpp"
#include "checkout/wanted.hpp"
#include "files/file_lock.hpp"
#include "git/repository.hpp"

namespace ostler::checkout {

/// Where the mirror of `repository` lies: its URL without credentials, all but letters and digits
/// '-', shortened with a digest when a file name cannot hold it.
std::filesystem::path mirror_directory(const std::filesystem::path& mirrors,
                                       const std::string& repository);

/// What a job got from the mirror of its repository.
struct Mirrored {
  git::Repository mirror;
  std::string commit;                     ///< the full id of what was wanted
  std::optional<std::string> branch_tip;  ///< the tip of the settings' branch, if it has one
};

/// The mirror of one repository on this host: a repository without a work tree that holds all
/// branches and tags under their own names, and other references as jobs ask for them.
/// All access that writes happens under a lock file beside it, so that any number of jobs of any
/// number of agents may share it; those that wait while another fetches use what that one got.
class MirrorStore {
 public:
  MirrorStore(const Settings& settings, JobLog& log, Interrupter& interrupter);

  /// Makes or updates the mirror until it holds what is wanted.
  /// Errors: NotFound (repository, commit or reference), Denied, Unavailable (retryable),
  /// Timeout with native() kMirrorLockTimeout, Cancelled, Corrupt.
  Result<Mirrored> provide(const Wanted& wanted);

  /// Has the next provide() make the mirror anew.
  void distrust() { distrusted_ = true; }

  const std::filesystem::path& directory() const { return directory_; }

 private:
  Result<files::FileLock> lock();
  Result<git::Repository> open_or_create(const files::FileLock& lock);
  Result<git::Repository> create(const files::FileLock& lock);
  Result<void> update(git::Repository& mirror, const Wanted& wanted, const files::FileLock& lock);
  Result<void> fetch(git::Repository& mirror, std::vector<std::string> references);
  Result<std::string> commit_of(git::Repository& mirror, const Wanted& wanted);

  const Settings& settings_;
  JobLog& log_;
  Interrupter& interrupter_;
  const std::filesystem::path directory_;
  std::chrono::nanoseconds asked_at_{0};  // CLOCK_BOOTTIME
  bool distrusted_ = false;
};

}  // namespace ostler::checkout
