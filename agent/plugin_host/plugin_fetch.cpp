// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/plugin_fetch.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "base/unique_fd.hpp"
#include "files/file.hpp"
#include "plugin_host/plugin_install.hpp"
#include "plugin_host/policy_check.hpp"
#include "plugin_host/scratch_directory.hpp"

namespace ostler::plugin_host {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::minutes kLongestWait{15};  // longer than any download may take
constexpr std::chrono::milliseconds kFetchPause{100};
constexpr mode_t kForAll = 0444;

/// A file that whoever may use the store may lock, whoever made it; one for each plugin.
Result<UniqueFd> open_lock(const fs::path& path) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file) return file;
  file = UniqueFd(::open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, kForAll));
  if (!file) return Error::from_errno(errno, "make " + path.string());
  ::fchmod(file.get(), kForAll);  // fails where another user was faster, and did it
  return file;
}

Result<UniqueFd> hold_fetch(const LockedPlugin& plugin, const fs::path& store) {
  OSTLER_TRY(UniqueFd lock, open_lock(store / (".fetch-" + plugin.sha256)));
  const auto deadline = steady_clock::now() + kLongestWait;
  while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return Error::from_errno(errno, "lock a download of plugins");
    if (steady_clock::now() > deadline) {
      return Error(Errc::Timeout, "another job's download of the plugin does not end");
    }
    std::this_thread::sleep_for(kFetchPause);
  }
  return lock;
}

Error came_instead(const LockedPlugin& plugin, const Bundle& bundle) {
  return Error(Errc::Denied, std::string(kLockFileName) + " names " + plugin.id + "#" +
                                 plugin.version + " sha256:" + plugin.sha256 +
                                 ", but what the hub gave is " + bundle.manifest.reference() +
                                 " sha256:" + bundle.sha256 + "; it was not installed");
}

Result<void> check_is(const LockedPlugin& plugin, const Bundle& bundle) {
  const bool is_it = bundle.sha256 == plugin.sha256 && bundle.manifest.id == plugin.id &&
                     bundle.manifest.version == plugin.version;
  if (is_it) return success();
  return came_instead(plugin, bundle);
}

fs::path place_of(const LockedPlugin& plugin, const PluginPolicy& policy) {
  return policy.store / plugin.id / plugin.version;
}

/// The lock names what is to be there; the signature is no part of that.
Replace may_replace(const LockedPlugin& plugin, const PluginPolicy& policy) {
  const auto there = open_bundle(place_of(plugin, policy));
  if (!there || there.value().sha256 != plugin.sha256) return Replace::Yes;
  return policy.requires_signature ? Replace::Signature : Replace::No;
}

Result<void> download_and_install(const LockedPlugin& plugin, const PluginPolicy& policy,
                                  const DownloadPlugin& download) {
  OSTLER_TRY(const auto scratch, ScratchDirectory::make(""));
  const fs::path archive = fs::path(scratch.path()) / "archive";
  const fs::path place = fs::path(scratch.path()) / "bundle";
  OSTLER_TRY(download(plugin, archive));
  OSTLER_TRY(files::ensure_private_directory(place));
  OSTLER_TRY(const fs::path directory, unpack_bundle(archive, place));
  OSTLER_TRY(const Bundle bundle, open_bundle(directory));
  OSTLER_TRY(check_is(plugin, bundle));
  OSTLER_TRY(check_publisher(bundle, policy));
  OSTLER_TRY(install_bundle(bundle, policy.store, may_replace(plugin, policy)));
  return success();
}

}  // namespace

Result<void> check_pin(const Bundle& bundle, const LockedPlugin& locked) {
  if (bundle.sha256 == locked.sha256) return success();
  return Error(Errc::Denied, std::string(kLockFileName) + " pins sha256:" + locked.sha256 +
                                 ", but what is installed here has sha256:" + bundle.sha256 +
                                 "; install the one that was locked, or lock anew");
}

Result<void> check_installed(const LockedPlugin& plugin, const PluginPolicy& policy) {
  OSTLER_TRY(const Bundle bundle, open_bundle(place_of(plugin, policy)));
  OSTLER_TRY(check_pin(bundle, plugin));
  OSTLER_TRY(check_publisher(bundle, policy));
  return check_files(bundle);
}

Result<bool> fetch_plugin(const LockedPlugin& plugin, const PluginPolicy& policy,
                          const DownloadPlugin& download) {
  OSTLER_TRY(check_allowed(plugin.id, plugin.version, policy));
  if (check_installed(plugin, policy)) return false;
  OSTLER_TRY(make_store(policy.store));
  OSTLER_TRY(const auto lock, hold_fetch(plugin, policy.store));
  if (check_installed(plugin, policy)) return false;  // another job was faster
  OSTLER_TRY(download_and_install(plugin, policy, download));
  return true;
}

}  // namespace ostler::plugin_host
