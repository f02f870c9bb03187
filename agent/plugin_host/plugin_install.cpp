// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/plugin_install.hpp"

#include <stdlib.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/joined.hpp"
#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "files/remove_tree.hpp"

namespace ostler::plugin_host {

namespace fs = std::filesystem;

namespace {

constexpr mode_t kReadOnlyFile = 0444;
constexpr mode_t kReadOnlyDirectory = 0555;
constexpr std::size_t kLongestPluginFile = 256u << 20;

Result<void> copy_checked(const fs::path& from, const fs::path& to, const std::string& sha256) {
  OSTLER_TRY(const std::string bytes, files::read_file(from, kLongestPluginFile));
  if (crypto::sha256_hex(bytes) != sha256) {
    return Error(Errc::UserFault, from.string() + " changed while it was being installed");
  }
  return files::write_file_atomically(to, bytes, kReadOnlyFile, files::Sync::Yes);
}

Result<void> copy_files(const Bundle& bundle, const fs::path& into) {
  for (const auto& [name, sha256] : bundle.manifest.files) {
    OSTLER_TRY(copy_checked(bundle.directory / name, into / name, sha256));
  }
  return copy_checked(bundle.directory / kManifestName, into / kManifestName, bundle.sha256);
}

/// A store of one's own is for oneself, and so is the agent's state directory that it lies in,
/// which no agent takes when others may enter it. One that is there may be shared.
Result<void> make_store(const fs::path& store, const fs::path& of_plugin) {
  std::error_code error;
  for (const fs::path& directory : {store.parent_path(), store}) {
    if (fs::is_directory(directory, error)) continue;
    OSTLER_TRY(files::ensure_private_directory(directory));
  }
  fs::create_directory(of_plugin, error);
  if (error) return Error::from_errno(error.value(), "make " + of_plugin.string());
  return success();
}

/// A directory of a store is read-only; its owner opens it to remove what is in it.
Result<void> remove_installed(const fs::path& directory) {
  ::chmod(directory.c_str(), S_IRWXU);
  return files::remove_tree(directory);
}

/// Puts `made` where `place` is, with nothing in between but a moment without either.
Result<void> put_in_place(const fs::path& made, const fs::path& place) {
  std::error_code error;
  const fs::path old = made.string() + ".old";
  if (fs::exists(place, error)) fs::rename(place, old, error);
  if (!error) fs::rename(made, place, error);
  if (error) return Error::from_errno(error.value(), "put a plugin at " + place.string());
  OSTLER_TRY(files::sync_directory(place.parent_path()));
  if (fs::exists(old, error)) return remove_installed(old);
  return success();
}

Result<void> fill_and_place(const Bundle& bundle, const fs::path& made, const fs::path& place) {
  OSTLER_TRY(copy_files(bundle, made));
  OSTLER_TRY(put_in_place(made, place));
  if (::chmod(place.c_str(), kReadOnlyDirectory) == 0) return success();
  return Error::from_errno(errno, "make " + place.string() + " read-only");
}

}  // namespace

Result<bool> install_bundle(const Bundle& bundle, const fs::path& store, Replace replace) {
  const std::string reference = bundle.manifest.reference();
  const Inspection found = inspect_files(bundle);
  if (!found.faults.empty()) {
    return Error(Errc::UserFault, reference + " has faults\n" + joined(found.faults, "\n"));
  }
  const fs::path place = store / bundle.manifest.id / bundle.manifest.version;
  const auto there = open_bundle(place);
  const bool is_same =
      there && there.value().sha256 == bundle.sha256 && inspect_files(there.value()).faults.empty();
  if (is_same) return false;
  std::error_code error;
  if (replace == Replace::No && fs::exists(place, error)) {
    return Error(Errc::Conflict, "another " + reference + " is installed in " + place.string() +
                                     "; give the plugin a new version, or --replace it");
  }
  OSTLER_TRY(make_store(store, place.parent_path()));
  std::string made = (place.parent_path() / ".new-XXXXXX").string();
  if (::mkdtemp(made.data()) == nullptr) return Error::from_errno(errno, "make " + made);
  auto done = fill_and_place(bundle, made, place);
  if (!done) static_cast<void>(remove_installed(made));
  OSTLER_TRY(std::move(done));
  return true;
}

Result<void> remove_from_store(const fs::path& store, const std::string& id,
                               const std::string& version) {
  OSTLER_TRY(remove_installed(store / id / version));
  std::error_code ignored;  // other versions may be in it
  fs::remove(store / id, ignored);
  return success();
}

}  // namespace ostler::plugin_host
