// SPDX-License-Identifier: Apache-2.0
#include "supervise/job_lock.hpp"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string_view>

#include "files/file.hpp"

namespace ostler::supervise {
namespace {

constexpr std::size_t kMaxSize = 16u * 1024;

void take_line(std::string_view line, JobLock& lock) {
  const std::size_t border = line.find('=');
  if (border == std::string_view::npos) return;
  const std::string_view key = line.substr(0, border);
  const std::string_view value = line.substr(border + 1);
  if (key == "keeper") std::from_chars(value.data(), value.data() + value.size(), lock.keeper);
  if (key == "cgroup") lock.cgroup = value;
}

}  // namespace

std::string cgroup_name(const std::filesystem::path& job_directory) {
  return "ostler-" + job_directory.filename().string();
}

Result<void> write_job_lock(int fd, const JobLock& lock) {
  const std::string text =
      "keeper=" + std::to_string(lock.keeper) + "\ncgroup=" + lock.cgroup + "\n";
  if (::ftruncate(fd, 0) != 0 || ::lseek(fd, 0, SEEK_SET) != 0) {
    return Error::from_errno(errno, "rewrite the job's lock file");
  }
  return files::write_all(fd, text);
}

Result<JobLock> read_job_lock(const std::filesystem::path& job_directory) {
  OSTLER_TRY(const std::string text, files::read_file(job_directory / "lock", kMaxSize));
  JobLock lock;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    take_line(std::string_view(text).substr(begin, end - begin), lock);
    begin = end + 1;
  }
  // Never kill a group that is not this job's, whatever the file says.
  if (std::filesystem::path(lock.cgroup).filename() != cgroup_name(job_directory)) {
    lock.cgroup.clear();
  }
  return lock;
}

}  // namespace ostler::supervise
