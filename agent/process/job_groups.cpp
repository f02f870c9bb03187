// SPDX-License-Identifier: Apache-2.0
#include "process/job_groups.hpp"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "files/file.hpp"

namespace ostler::process {
namespace {

std::vector<std::string_view> split(std::string_view text, char border) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(border), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

struct Mount {
  std::string_view root;   ///< the part of the tree that is mounted
  std::string_view point;  ///< where
};

/// The version 2 tree in /proc/self/mountinfo: "id parent major:minor root point options ... - type
/// source options".
std::optional<Mount> find_mount(std::string_view mountinfo) {
  for (const std::string_view line : split(mountinfo, '\n')) {
    if (line.find(" - cgroup2 ") == std::string_view::npos) continue;
    const auto fields = split(line, ' ');
    if (fields.size() > 4) return Mount{fields[3], fields[4]};
  }
  return std::nullopt;
}

/// Whether systemd has marked the group as left to whoever runs in it.
bool is_delegated(const std::filesystem::path& group) {
  for (const char* name : {"user.delegate", "trusted.delegate"}) {
    std::array<char, 8> value{};
    if (::getxattr(group.c_str(), name, value.data(), value.size()) == 1 && value[0] == '1') {
      return true;
    }
  }
  return false;
}

bool lists(std::string_view controllers, std::string_view name) {
  while (controllers.ends_with('\n')) controllers.remove_suffix(1);
  const auto all = split(controllers, ' ');
  return std::find(all.begin(), all.end(), name) != all.end();
}

}  // namespace

std::optional<std::filesystem::path> own_cgroup_directory(std::string_view mountinfo,
                                                          std::string_view own_cgroup) {
  const auto mount = find_mount(mountinfo);
  if (!mount) return std::nullopt;
  for (const std::string_view line : split(own_cgroup, '\n')) {
    if (!line.starts_with("0::/")) continue;
    std::string_view path = line.substr(3);
    if (mount->root != "/") {
      if (!path.starts_with(mount->root)) return std::nullopt;
      path.remove_prefix(mount->root.size());
    }
    while (path.starts_with('/')) path.remove_prefix(1);
    return path.empty() ? std::filesystem::path(mount->point)
                        : std::filesystem::path(mount->point) / path;
  }
  return std::nullopt;
}

std::filesystem::path job_groups_of(const std::filesystem::path& own) {
  const auto above = own.parent_path();
  return !is_delegated(own) && is_delegated(above) ? above : own;
}

std::optional<std::filesystem::path> find_job_groups() {
  const auto mountinfo = files::read_file("/proc/self/mountinfo");
  const auto text = files::read_file("/proc/self/cgroup");
  if (!mountinfo || !text) return std::nullopt;
  const auto own = own_cgroup_directory(mountinfo.value(), text.value());
  if (!own) return std::nullopt;
  return job_groups_of(*own);
}

Result<void> account_memory(const std::filesystem::path& groups) {
  if (!is_delegated(groups)) {
    return Error(Errc::Denied, groups.string() + " is not delegated to this program");
  }
  const auto control = groups / "cgroup.subtree_control";
  OSTLER_TRY(const std::string enabled, files::read_file(control));
  if (lists(enabled, "memory")) return success();
  OSTLER_TRY(const std::string possible, files::read_file(groups / "cgroup.controllers"));
  if (!lists(possible, "memory")) {
    return Error(Errc::NotFound, groups.string() + " has no memory controller");
  }
  const UniqueFd fd(::open(control.c_str(), O_WRONLY | O_CLOEXEC));
  constexpr std::string_view kEnable = "+memory";
  if (fd && ::write(fd.get(), kEnable.data(), kEnable.size()) == ssize_t{kEnable.size()}) {
    return success();
  }
  if (errno == EBUSY) {
    return Error(Errc::Conflict, "processes live in " + groups.string() + " itself");
  }
  return Error::from_errno(errno, "write " + control.string());
}

}  // namespace ostler::process
