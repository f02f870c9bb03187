// SPDX-License-Identifier: Apache-2.0
#include "files/disk_space.hpp"

#include <sys/statvfs.h>

#include <cerrno>

namespace ostler::files {

Result<DiskSpace> disk_space(const std::filesystem::path& path) {
  struct statvfs about{};
  if (::statvfs(path.c_str(), &about) != 0) {
    return Error::from_errno(errno, "ask for the free space of " + path.string());
  }
  const auto block = static_cast<std::int64_t>(about.f_frsize);
  return DiskSpace{.total = static_cast<std::int64_t>(about.f_blocks) * block,
                   .available = static_cast<std::int64_t>(about.f_bavail) * block};
}

}  // namespace ostler::files
