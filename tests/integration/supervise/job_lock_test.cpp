// SPDX-License-Identifier: Apache-2.0
#include "supervise/job_lock.hpp"

#include <gtest/gtest.h>

#include "files/file_lock.hpp"
#include "support/temp_directory.hpp"

namespace ostler::supervise {
namespace {

JobLock written_and_read(const JobLock& lock, const std::filesystem::path& directory) {
  const auto held = files::FileLock::try_acquire(directory / "lock").value();
  EXPECT_TRUE(write_job_lock(held.fd(), lock));
  return read_job_lock(directory).value();
}

TEST(JobLock, SaysWhichGroupToKill) {
  support::TempDirectory directory;
  const std::string group = "/sys/fs/cgroup/" + cgroup_name(directory.path());
  const JobLock lock = written_and_read({42, group}, directory.path());
  EXPECT_EQ(lock.keeper, 42);
  EXPECT_EQ(lock.cgroup, group);
}

TEST(JobLock, NeverNamesTheGroupOfAnotherJob) {
  support::TempDirectory directory;
  EXPECT_EQ(written_and_read({42, "/sys/fs/cgroup/system.slice"}, directory.path()).cgroup, "");
}

}  // namespace
}  // namespace ostler::supervise
