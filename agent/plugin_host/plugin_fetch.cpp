// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/plugin_fetch.hpp"

#include <chrono>
#include <thread>

#include "files/file.hpp"
#include "files/file_lock.hpp"
#include "plugin_host/plugin_install.hpp"
#include "plugin_host/plugin_store.hpp"
#include "plugin_host/policy_check.hpp"
#include "plugin_host/scratch_directory.hpp"

namespace ostler::plugin_host {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::minutes kLongestWait{15};  // longer than any download may take
constexpr std::chrono::milliseconds kFetchPause{100};
/// So many downloads at once; what is left behind are so many empty files.
constexpr std::size_t kLockDigits = 1;

bool is_in_store(const LockedPlugin& plugin, const fs::path& store) {
  const auto found = find_in_store(store, {plugin.id, plugin.version});
  return found && found.value().filename() == plugin.version;
}

Result<files::FileLock> hold_fetch(const LockedPlugin& plugin, const fs::path& store) {
  const fs::path path = store / (".fetch-" + plugin.sha256.substr(0, kLockDigits));
  const auto deadline = steady_clock::now() + kLongestWait;
  for (;;) {
    auto lock = files::FileLock::try_acquire(path);
    if (lock || lock.error().code() != Errc::Conflict) return lock;
    if (steady_clock::now() > deadline) {
      return Error(Errc::Timeout, "another job's download of plugins does not end");
    }
    std::this_thread::sleep_for(kFetchPause);
  }
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
  OSTLER_TRY(install_bundle(bundle, policy.store, Replace::No));
  return success();
}

}  // namespace

Result<bool> fetch_plugin(const LockedPlugin& plugin, const PluginPolicy& policy,
                          const DownloadPlugin& download) {
  OSTLER_TRY(check_allowed(plugin.id, plugin.version, policy));
  OSTLER_TRY(make_store(policy.store));
  OSTLER_TRY(const auto lock, hold_fetch(plugin, policy.store));
  if (is_in_store(plugin, policy.store)) return false;
  OSTLER_TRY(download_and_install(plugin, policy, download));
  return true;
}

}  // namespace ostler::plugin_host
