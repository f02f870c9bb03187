// SPDX-License-Identifier: Apache-2.0
#include "hub/upkeep/backup.hpp"

#include <utility>

#include "files/file.hpp"
#include "files/remove_tree.hpp"
#include "files/space_check.hpp"
#include "hub/upkeep/hub_files.hpp"

namespace ostler::hub {
namespace {

namespace fs = std::filesystem;

/// There while a backup is written, and locked.
constexpr std::string_view kClaimName = "backup.lock";

bool is_free(const fs::path& destination) {
  std::error_code ec;
  if (!fs::exists(destination, ec)) return true;
  if (!fs::is_directory(destination, ec)) return false;
  for (fs::directory_iterator entry(destination, ec), end; !ec && entry != end;
       entry.increment(ec)) {
    if (entry->path().filename() != kClaimName) return false;
  }
  return !ec;
}

Result<void> check_is_free(const fs::path& destination) {
  if (is_free(destination)) return success();
  return Error(Errc::UserFault,
               destination.string() + " is not an empty directory; name a new one");
}

/// The directory is this backup's alone as long as the lock is held.
Result<files::FileLock> claim(const fs::path& destination) {
  auto lock = files::FileLock::try_acquire(destination / kClaimName);
  if (!lock && lock.error().code() == Errc::Conflict) {
    return Error(Errc::Conflict, "another backup is being written to " + destination.string() +
                                     "; name another directory");
  }
  OSTLER_TRY(auto claimed, std::move(lock));
  // Another one may have ended since the first look.
  if (const auto still_free = check_is_free(destination); !still_free) {
    std::error_code ec;
    fs::remove(destination / kClaimName, ec);
    return still_free.error();
  }
  return claimed;
}

class Backup {
 public:
  Backup(const BackupOptions& options, const Progress& progress)
      : options_(options), progress_(progress) {}

  Result<wire::BackupManifest> run(store::DatabaseFile& live) {
    manifest_.created_at = options_.now;
    OSTLER_TRY(const auto hold, hold_blobs(options_.data));
    OSTLER_TRY(copy_database(live));
    OSTLER_TRY(copy_files());
    std::error_code ec;
    fs::remove(options_.destination / kClaimName, ec);
    OSTLER_TRY(sync_file_system(options_.destination));
    OSTLER_TRY(files::write_file_atomically(options_.destination / kManifestName,
                                            wire::encode(manifest_) + "\n", 0600,
                                            files::Sync::Yes));
    return std::move(manifest_);
  }

 private:
  Result<void> copy_database(store::DatabaseFile& live) {
    OSTLER_TRY(const auto blobs, live.count_promised_blobs());
    OSTLER_TRY(const auto size, live.size());
    OSTLER_TRY(files::check_space(options_.destination, blobs.bytes + size));
    const fs::path file = options_.destination / kDatabaseName;
    OSTLER_TRY(live.copy_to(file, [this](std::int64_t done, std::int64_t total) {
      progress_("copying the database", done, total);
    }));
    OSTLER_TRY(auto copy, store::DatabaseFile::open(file));
    OSTLER_TRY(manifest_.database_version, copy.version());
    OSTLER_TRY(manifest_.bytes, copy.size());
    OSTLER_TRY(const auto promised, copy.count_promised_blobs());
    manifest_.logs = promised.logs;
    manifest_.artifacts = promised.artifacts;
    manifest_.bytes += promised.bytes;
    OSTLER_TRY(auto faults, copy_blobs(copy, options_.data / kBlobsName,
                                       options_.destination / kBlobsName, progress_));
    manifest_.faults = std::move(faults.lines);
    return success();
  }

  Result<void> copy_files() {
    OSTLER_TRY(auto found, files_of(options_.data));
    manifest_.files = std::move(found.tokens);
    auto& keys = options_.with_keys ? manifest_.files : manifest_.left_out;
    keys.insert(keys.end(), found.keys.begin(), found.keys.end());
    for (const auto& name : manifest_.files) {
      OSTLER_TRY(copy_whole_file(options_.data / name, options_.destination / name));
    }
    return success();
  }

  const BackupOptions& options_;
  const Progress& progress_;
  wire::BackupManifest manifest_;
};

}  // namespace

Result<wire::BackupManifest> back_up(const BackupOptions& options, const Progress& progress) {
  auto live = store::DatabaseFile::open(options.data / kDatabaseName);
  if (!live) return std::move(live).error().with_context(options.data.string());
  OSTLER_TRY(check_is_free(options.destination));
  OSTLER_TRY(files::ensure_private_directory(options.destination));
  OSTLER_TRY(const auto claimed, claim(options.destination));
  auto manifest = Backup(options, progress).run(live.value());
  if (manifest) return manifest;
  auto error = std::move(manifest).error().with_context("backup");
  if (auto removed = files::remove_tree(options.destination); !removed) {
    return std::move(error).with_context(removed.error().message());
  }
  return error;
}

}  // namespace ostler::hub
