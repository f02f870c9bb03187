// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "files/file_lock.hpp"

namespace ostler::cli {

/// What every process of a run has in its environment: the path of its directory.
inline constexpr const char* kRunDirectoryVariable = "OSTLER_RUN_DIRECTORY";

/// The private directory (mode 0700) in which one `ostler run` lives; removed with everything in
/// it when this goes.
class RunDirectory {
 public:
  /// Makes one under the directory for temporary files, and removes those of runs that were killed.
  static Result<RunDirectory> make();
  RunDirectory(RunDirectory&& other) noexcept;
  RunDirectory& operator=(RunDirectory&&) = delete;
  ~RunDirectory();

  std::filesystem::path repository() const { return path_ / "repository"; }
  std::filesystem::path hub_data() const { return path_ / "hub"; }
  std::filesystem::path agent_state() const { return path_ / "agent"; }
  std::filesystem::path builds() const { return path_ / "builds"; }
  std::filesystem::path mirrors() const { return path_ / "mirrors"; }
  std::filesystem::path hub_log() const { return path_ / "hub.log"; }
  std::filesystem::path agent_log() const { return path_ / "agent.log"; }
  const std::filesystem::path& path() const { return path_; }

 private:
  RunDirectory(std::filesystem::path path, files::FileLock lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::filesystem::path path_;
  files::FileLock lock_;  ///< held for life: a directory whose lock is free is nobody's
};

}  // namespace ostler::cli
