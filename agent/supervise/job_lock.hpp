// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace ostler::supervise {

/// What a keeper writes into the file `lock` of its job's directory, which it holds locked for
/// life. Only the lock says whether the keeper lives; this is for whoever cleans up after it.
struct JobLock {
  pid_t keeper = -1;
  std::string cgroup;  ///< directory of the job's control group; empty when it has none
};

/// The name of the control group of the job in that directory.
std::string cgroup_name(const std::filesystem::path& job_directory);

/// Replaces the content of the locked file.
Result<void> write_job_lock(int fd, const JobLock& lock);
/// Reads it; parts that are missing or are not ours stay as they are in a fresh JobLock.
Result<JobLock> read_job_lock(const std::filesystem::path& job_directory);

}  // namespace ostler::supervise
