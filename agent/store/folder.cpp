// SPDX-License-Identifier: Apache-2.0
#include "store/folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/unique_fd.hpp"

namespace ostler::store {

Error path_error(std::string_view call, const std::filesystem::path& path) {
  const int number = errno;
  return Error::from_errno(number, std::string(call) + " " + path.string());
}

Result<void> sync_folder(const std::filesystem::path& path) {
  const UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::fsync(folder.get()) != 0) return path_error("sync", path);
  return success();
}

Result<void> make_folder(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return sync_folder(path.parent_path());
  if (errno == EEXIST) return success();
  return path_error("make", path);
}

}  // namespace ostler::store
