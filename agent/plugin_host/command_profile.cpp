// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/command_profile.hpp"

#include <algorithm>
#include <cerrno>

#include "plugin_host/call_filter.hpp"
#include "process/landlock.h"

namespace ostler::plugin_host {
namespace {

/// Programs and their libraries, and of /etc what every user's programs read, without what holds
/// secrets. What lies below /proc is the kernel's to guard: other processes are out of reach.
constexpr const char* kUsual[] = {"/usr",
                                  "/bin",
                                  "/sbin",
                                  "/lib",
                                  "/lib32",
                                  "/lib64",
                                  "/opt",
                                  "/nix/store",
                                  "/etc/alternatives",
                                  "/etc/ca-certificates",
                                  "/etc/fonts",
                                  "/etc/gai.conf",
                                  "/etc/gitconfig",
                                  "/etc/group",
                                  "/etc/host.conf",
                                  "/etc/hosts",
                                  "/etc/inputrc",
                                  "/etc/ld.so.cache",
                                  "/etc/ld.so.conf",
                                  "/etc/ld.so.conf.d",
                                  "/etc/localtime",
                                  "/etc/magic",
                                  "/etc/mime.types",
                                  "/etc/networks",
                                  "/etc/nsswitch.conf",
                                  "/etc/os-release",
                                  "/etc/passwd",
                                  "/etc/pki/ca-trust",
                                  "/etc/pki/tls/certs",
                                  "/etc/protocols",
                                  "/etc/resolv.conf",
                                  "/etc/services",
                                  "/etc/ssl/certs",
                                  "/etc/ssl/openssl.cnf",
                                  "/etc/terminfo",
                                  "/etc/timezone",
                                  "/proc",
                                  "/sys/devices/system/cpu",
                                  "/sys/fs/cgroup",
                                  "/dev/urandom",
                                  "/dev/random",
                                  "/dev/zero"};
constexpr const char* kDevices[] = {"/dev/null", "/dev/full", "/dev/tty"};
/// Their files are those of the agent's user, which cannot be read.
constexpr std::string_view kElsewhere[] = {"HOME=", "TMPDIR=", "TMP=", "TEMP=", "XDG_"};

}  // namespace

std::vector<std::string> usual_system_paths() { return {std::begin(kUsual), std::end(kUsual)}; }

Result<process::Confinement> confine_to_workspace(const CommandPlace& place) {
  std::vector<landlock_path> paths;
  for (const std::string& path : place.system_paths) paths.push_back({path.c_str(), false, true});
  for (const std::string& path : place.readable) paths.push_back({path.c_str(), false, false});
  for (const char* device : kDevices) paths.push_back({device, true, false});
  for (const std::string* own : {&place.directory, &place.scratch, &place.cache}) {
    if (!own->empty()) paths.push_back({own->c_str(), true, true});
  }
  std::uint32_t measures = 0;
  process::Confinement confinement;
  confinement.rules = UniqueFd(landlock_make(paths.data(), paths.size(), place.network, &measures));
  if (!confinement.rules) {
    const int why = errno;
    if (why == ENOSYS || why == EOPNOTSUPP) {
      return Error(Errc::Unavailable,
                   "this kernel has no Landlock, which holds commands to the workspace");
    }
    return Error::from_errno(why, "make rules for commands of the profile workspace");
  }
  confinement.filter =
      command_filter({.network = place.network, .truncates = landlock_sees_truncation()});
  return confinement;
}

std::vector<std::string> workspace_environment(std::vector<std::string> entries,
                                               const CommandPlace& place) {
  std::erase_if(entries, [](const std::string& entry) {
    return std::ranges::any_of(kElsewhere,
                               [&](std::string_view name) { return entry.starts_with(name); });
  });
  for (const char* name : {"HOME=", "TMPDIR="}) entries.push_back(name + place.scratch);
  if (!place.cache.empty()) entries.push_back("XDG_CACHE_HOME=" + place.cache);
  return entries;
}

}  // namespace ostler::plugin_host
