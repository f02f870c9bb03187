// SPDX-License-Identifier: Apache-2.0
#include "files/remove_tree.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "files/tree_walk.hpp"

namespace ostler::files {
namespace {

class RemovingVisitor : public TreeVisitor {
 public:
  explicit RemovingVisitor(const ShouldStop& stop) : stop_(stop) {}

  Result<bool> meet(int parent, const std::string& name) override {
    if (stop_ && stop_()) return Error(Errc::Cancelled, "stopped");
    if (::unlinkat(parent, name.c_str(), 0) == 0 || errno == ENOENT) return false;
    if (errno == EISDIR) return true;
    const int failed = errno;
    struct stat found{};
    const bool is_directory = failed == EPERM &&
                              ::fstatat(parent, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0 &&
                              S_ISDIR(found.st_mode);
    if (is_directory) return true;
    return Error::from_errno(failed, "remove");
  }

  Result<void> leave(int parent, const std::string& name) override {
    if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) return success();
    return Error::from_errno(errno, "remove");
  }

  bool removes() const override { return true; }

 private:
  const ShouldStop& stop_;
};

}  // namespace

Result<void> remove_tree(const std::filesystem::path& path, const ShouldStop& stop) {
  RemovingVisitor visitor(stop);
  return walk_tree(path.string(), visitor, S_IRWXU);
}

}  // namespace ostler::files
