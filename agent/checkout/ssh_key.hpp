// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "checkout/settings.hpp"
#include "files/file_lock.hpp"

namespace ostler::checkout {

/// The key that a job brings along (BUILDKITE_GIT_SSH_KEY), as a file that only we may read, and
/// GIT_SSH_COMMAND of this process extended by it; both undone with the object.
/// A key whose process was killed is removed by the next job that places one.
/// Source: job-lifecycle 2.13.
class SshKey {
 public:
  /// None when the job brings no key. Requires: no other thread reads the environment; the parent
  /// of the checkout directory is there. Errors: those of the file system.
  static Result<std::optional<SshKey>> place(const Settings& settings);
  SshKey(SshKey&& other) noexcept;
  SshKey& operator=(SshKey&&) = delete;
  ~SshKey();

 private:
  SshKey(std::filesystem::path directory, files::FileLock lock);

  std::filesystem::path directory_;
  files::FileLock lock_;  ///< says that the key is in use
  std::optional<std::string> command_before_;
};

}  // namespace ostler::checkout
