// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::process {

/// How many processes of the control group in `directory` and below the kernel has killed for lack
/// of memory, as its file memory.events says; none when it has none: no memory controller.
std::optional<std::uint64_t> count_oom_kills(const std::filesystem::path& directory);

/// A control group (version 2) that holds the processes of one job.
class Cgroup {
 public:
  /// Makes the group. Errors: Denied when it may not be made there; those of open.
  static Result<Cgroup> create(const std::filesystem::path& directory);
  /// An existing one. Errors: NotFound; Denied when `directory` is not on a version 2 tree.
  static Result<Cgroup> open(const std::filesystem::path& directory);

  const std::filesystem::path& directory() const { return directory_; }
  /// For SpawnOptions::cgroup_fd.
  int fd() const { return fd_.get(); }
  /// Kills every process in it and below, at once and without a race (cgroup.kill, Linux 5.14).
  Result<void> kill() const;
  /// Whether a living process is in it or below. Errors: those of reading cgroup.events.
  Result<bool> is_populated() const;
  /// Waits until no living process is in it or below; whether that came in time.
  bool await_empty(std::chrono::milliseconds timeout) const;
  std::optional<std::uint64_t> oom_kills() const { return count_oom_kills(directory_); }
  /// Removes it and what the job made below. Errors: Conflict while a process is left.
  Result<void> remove() const;

 private:
  Cgroup(std::filesystem::path directory, UniqueFd fd)
      : directory_(std::move(directory)), fd_(std::move(fd)) {}

  std::filesystem::path directory_;
  UniqueFd fd_;  ///< the open directory
};

}  // namespace ostler::process
