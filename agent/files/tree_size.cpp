// SPDX-License-Identifier: Apache-2.0
#include "files/tree_size.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <optional>

#include "files/tree_walk.hpp"

namespace ostler::files {
namespace {

class SizingVisitor : public TreeVisitor {
 public:
  explicit SizingVisitor(const ShouldStop& stop) : stop_(stop) {}
  Result<bool> meet(int parent, const std::string& name) override {
    constexpr std::uint64_t kBlock = 512;  // whatever the file system
    if (stop_ && stop_()) return Error(Errc::Cancelled, "stopped");
    struct stat found{};
    if (::fstatat(parent, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) return false;
    if (!device_) device_ = found.st_dev;
    if (found.st_dev != *device_) return false;
    bytes_ += static_cast<std::uint64_t>(found.st_blocks) * kBlock;
    return S_ISDIR(found.st_mode);
  }
  Result<void> leave(int, const std::string&) override { return success(); }
  Result<void> pass(Error) override { return success(); }

  std::uint64_t bytes() const { return bytes_; }

 private:
  const ShouldStop& stop_;
  std::optional<dev_t> device_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

std::uint64_t tree_size(const std::filesystem::path& directory) {
  return measure_tree(directory, {}).bytes;
}

TreeSize measure_tree(const std::filesystem::path& directory, const ShouldStop& stop) {
  SizingVisitor visitor(stop);
  const auto walked = walk_tree(directory.string(), visitor, S_IRUSR | S_IXUSR);
  return {.bytes = visitor.bytes(), .is_whole = walked.has_value()};
}

}  // namespace ostler::files
