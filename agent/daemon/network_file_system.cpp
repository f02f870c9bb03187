// SPDX-License-Identifier: Apache-2.0
#include "daemon/network_file_system.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <array>
#include <cerrno>
#include <sstream>
#include <string_view>

#include "files/file.hpp"

namespace ostler::daemon {
namespace {

struct Kind {
  std::uint32_t magic;
  std::string_view name;
};
// linux/magic.h has some of these numbers, statfs(2) the others.
constexpr std::array<Kind, 9> kKinds = {
    Kind{0x6969, "nfs"},      Kind{0x517B, "smb"},        Kind{0xFF534D42, "cifs"},
    Kind{0xFE534D42, "smb2"}, Kind{0x01021997, "9p"},     Kind{0x00C36400, "ceph"},
    Kind{0x5346414F, "afs"},  Kind{0x0BD00BD0, "lustre"}, Kind{0x47504653, "gpfs"}};
constexpr std::uint32_t kFuse = 0x65735546;
/// File systems over FUSE that are local; any other is taken for one of the network.
constexpr std::array<std::string_view, 5> kLocalFuse = {
    "fuse.fuse-overlayfs", "fuseblk", "fuse.ntfs-3g", "fuse.bindfs", "fuse.gocryptfs"};

/// The type of the mounted file system with that device, from mountinfo; "fuse" when not found.
std::string mounted_type(dev_t device) {
  const std::string number = std::to_string(major(device)) + ":" + std::to_string(minor(device));
  const auto text = files::read_file("/proc/self/mountinfo");
  std::istringstream lines(text ? text.value() : std::string());
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string id;
    std::string parent;
    std::string found;
    words >> id >> parent >> found;
    const auto separator = line.find(" - ");
    if (found != number || separator == std::string::npos) continue;
    const auto begin = separator + 3;
    return line.substr(begin, line.find(' ', begin) - begin);
  }
  return "fuse";
}

std::string network_fuse(dev_t device) {
  std::string type = mounted_type(device);
  for (const auto local : kLocalFuse) {
    if (type == local) return "";
  }
  return type;
}

}  // namespace

Result<std::string> network_file_system_of(const std::filesystem::path& path) {
  struct statfs system{};
  struct stat found{};
  if (::statfs(path.c_str(), &system) != 0 || ::stat(path.c_str(), &found) != 0) {
    return Error::from_errno(errno, "examine " + path.string());
  }
  const auto magic = static_cast<std::uint32_t>(system.f_type);
  if (magic == kFuse) return network_fuse(found.st_dev);
  for (const Kind& kind : kKinds) {
    if (magic == kind.magic) return std::string(kind.name);
  }
  return std::string();
}

}  // namespace ostler::daemon
