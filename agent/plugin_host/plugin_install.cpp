// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/plugin_install.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cerrno>

#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "plugin_host/store_change.hpp"

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
  if (!bundle.signature.empty()) {
    OSTLER_TRY(files::write_file_atomically(into / kSignatureName, bundle.signature, kReadOnlyFile,
                                            files::Sync::Yes));
  }
  return copy_checked(bundle.directory / kManifestName, into / kManifestName, bundle.sha256);
}

Result<void> make_directory(const fs::path& path) {
  std::error_code error;
  fs::create_directory(path, error);
  if (error) return Error::from_errno(error.value(), "make " + path.string());
  return success();
}

/// Puts `made` where `place` is. At any time there is a whole plugin or none. Returns false when
/// one is there that may not be replaced.
Result<bool> put_in_place(const fs::path& made, const fs::path& place, Replace replace) {
  // This replaces no directory that has something in it.
  if (::rename(made.c_str(), place.c_str()) == 0) return true;
  const bool is_taken = errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR;
  if (is_taken && replace != Replace::Yes) return false;
  if (is_taken &&
      ::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, place.c_str(), RENAME_EXCHANGE) == 0)
    return true;
  return Error::from_errno(errno, "put a plugin at " + place.string());
}

Result<bool> fill_and_place(const Bundle& bundle, const fs::path& made, const fs::path& place,
                            Replace replace) {
  OSTLER_TRY(copy_files(bundle, made));
  if (::chmod(made.c_str(), kReadOnlyDirectory) != 0) {
    return Error::from_errno(errno, "make " + made.string() + " read-only");
  }
  OSTLER_TRY(const bool is_placed, put_in_place(made, place, replace));
  OSTLER_TRY(files::sync_directory(place.parent_path()));
  return is_placed;
}

/// What plugin.json alone says of the plugin that is there.
enum class Standing { None, Same, Other };

bool says(const JsonValue& manifest, std::string_view name) {
  const JsonValue* value = manifest.member(name);
  return value != nullptr && value->type == JsonValue::Type::String && !value->text.empty();
}

/// The same plugin may have been damaged, or lack its signature, and with one whose plugin.json
/// does not even name it nothing is lost. One that has other faults may be whole: other versions of
/// Ostler have other rules.
Standing standing_at(const Bundle& bundle, const fs::path& place) {
  std::error_code error;
  if (!fs::is_directory(place, error)) return Standing::Other;
  const auto text = files::read_file(place / kManifestName, kLongestManifest);
  if (!text) return text.error().code() == Errc::NotFound ? Standing::None : Standing::Other;
  if (crypto::sha256_hex(text.value()) == bundle.sha256) return Standing::Same;
  const auto manifest = parse_json(text.value());
  const bool is_named =
      manifest && says(manifest.value(), "id") && says(manifest.value(), "version");
  return is_named ? Standing::Other : Standing::None;
}

bool is_there(const Bundle& bundle, const fs::path& place) {
  const auto there = open_bundle(place);
  return there && there.value().sha256 == bundle.sha256 &&
         there.value().signature == bundle.signature && inspect_files(there.value()).faults.empty();
}

/// What is to be there in the end: who repairs a plugin, or installs it anew, does not undo what
/// its publisher has signed.
Result<Bundle> with_right_signature(Bundle bundle, const fs::path& place, Replace replace) {
  const auto there = open_bundle(place);
  if (!there || there.value().sha256 != bundle.sha256) return bundle;
  const std::string& signature = there.value().signature;
  if (signature.empty() || signature == bundle.signature) return bundle;
  if (!bundle.signature.empty() && replace != Replace::No) return bundle;
  if (!bundle.signature.empty() && inspect_files(there.value()).faults.empty()) {
    return Error(Errc::Conflict, bundle.manifest.reference() + " is installed in " +
                                     place.string() +
                                     " with another signature; have this one checked (--key), or "
                                     "--replace it");
  }
  bundle.signature = signature;
  return bundle;
}

/// Fills a new directory, and leaves none but the one that is wanted.
Result<bool> place_new(const Bundle& bundle, const fs::path& place, Replace replace) {
  OSTLER_TRY(const fs::path made, make_unseen(place.parent_path(), kNewName));
  auto done = fill_and_place(bundle, made, place, replace);
  // What is there now was not used, or it is what was replaced.
  const auto removed = remove_installed(made);
  if (done && !removed) return removed.error();
  return done;
}

}  // namespace

Result<void> make_store(const fs::path& store) {
  std::error_code error;
  for (const fs::path& directory : {store.parent_path(), store}) {
    if (fs::is_directory(directory, error)) continue;
    OSTLER_TRY(files::ensure_private_directory(directory));
  }
  return success();
}

Result<bool> install_bundle(const Bundle& given, const fs::path& store, Replace replace) {
  const std::string reference = given.manifest.reference();
  const Inspection found = inspect_files(given);
  if (!found.faults.empty()) return faulty(given.manifest, found.faults);
  const fs::path place = store / given.manifest.id / given.manifest.version;
  OSTLER_TRY(const Bundle bundle, with_right_signature(given, place, replace));
  if (is_there(bundle, place)) return false;
  OSTLER_TRY(make_store(store));
  OSTLER_TRY(const StoreChange change, StoreChange::begin(store));
  OSTLER_TRY(make_directory(place.parent_path()));
  if (standing_at(bundle, place) != Standing::Other) replace = Replace::Yes;
  OSTLER_TRY(const bool is_placed, place_new(bundle, place, replace));
  if (is_placed) return true;
  if (is_there(bundle, place)) return false;  // another one was faster
  return Error(Errc::Conflict, "another " + reference + " is installed in " + place.string() +
                                   "; give the plugin a new version, or --replace it");
}

Result<void> remove_from_store(const fs::path& store, const std::string& id,
                               const std::string& version) {
  OSTLER_TRY(const StoreChange change, StoreChange::begin(store));
  OSTLER_TRY(const fs::path gone, make_unseen(store / id, kGoneName));
  // In one step, so that no job ever finds a part of it.
  const bool is_gone = ::rename((store / id / version).c_str(), gone.c_str()) == 0;
  const int why = errno;
  const auto removed = remove_installed(gone);
  std::error_code ignored;  // other versions may be in it
  fs::remove(store / id, ignored);
  if (!is_gone && why != ENOENT) {
    return Error::from_errno(why, "remove " + (store / id / version).string());
  }
  return removed;
}

}  // namespace ostler::plugin_host
