// SPDX-License-Identifier: Apache-2.0
#include "hub/upkeep/restore.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "files/file.hpp"
#include "files/remove_tree.hpp"
#include "files/space_check.hpp"
#include "hub/state_directory.hpp"
#include "hub/upkeep/hub_files.hpp"

namespace ostler::hub {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReplaced = "replaced-";

Result<wire::BackupManifest> read_manifest(const fs::path& backup) {
  const fs::path file = backup / kManifestName;
  const auto text = files::read_file(file);
  if (!text && text.error().code() == Errc::NotFound) {
    return Error(Errc::NotFound,
                 backup.string() + " is no whole backup: it has no " + std::string(kManifestName));
  }
  if (!text) return text.error();
  auto manifest = wire::decode_backup_manifest(text.value());
  if (!manifest) return std::move(manifest).error().with_context(file.string());
  return manifest;
}

/// What is in the directory beside the lock that we hold and what was moved aside before.
Result<std::vector<fs::path>> occupants(const fs::path& data) {
  std::vector<fs::path> found;
  std::error_code ec;
  for (fs::directory_iterator entry(data, ec), end; !ec && entry != end; entry.increment(ec)) {
    const std::string name = entry->path().filename().string();
    const bool is_ours = name == "hub.lock" || name == kHalfRestoredName;
    if (!is_ours && !name.starts_with(kReplaced)) found.push_back(entry->path());
  }
  if (ec) return Error::from_errno(ec.value(), "list " + data.string());
  return found;
}

/// "replaced-20260102T030405Z", or with "-2" and so on where that is taken.
fs::path free_place_aside(const fs::path& data, Timestamp now) {
  std::string name(kReplaced);
  for (const char c : format_rfc3339(now, 0)) {
    if (c != '-' && c != ':') name += c;
  }
  fs::path place = data / name;
  for (int count = 2; fs::exists(place); ++count) {
    place = data / (name + "-" + std::to_string(count));
  }
  return place;
}

class Restoration {
 public:
  Restoration(const RestoreOptions& options, const Progress& progress)
      : options_(options), progress_(progress) {}

  Result<Restored> run(wire::BackupManifest manifest) {
    restored_.manifest = std::move(manifest);
    OSTLER_TRY(check_backup());
    auto done = make_room();
    if (done) done = fill();
    if (done) return std::move(restored_);
    auto error = std::move(done).error();
    if (auto undone = undo(); !undone) {
      return std::move(error).with_context(undone.error().message());
    }
    return error;
  }

 private:
  fs::path unfinished() const { return options_.data / "ostler.db.restoring"; }
  fs::path mark() const { return options_.data / kHalfRestoredName; }

  /// Nothing of the old is touched before the new is known to be good.
  Result<void> check_backup() {
    OSTLER_TRY(files::check_space(options_.data, restored_.manifest.bytes));
    progress_("checking the database", 0, restored_.manifest.bytes);
    OSTLER_TRY(auto database, store::DatabaseFile::open(options_.backup / kDatabaseName));
    OSTLER_TRY(const auto faults, database.faults());
    if (!faults.empty()) {
      return Error(Errc::Corrupt, "the database in " + options_.backup.string() +
                                      " is damaged: " + faults.front());
    }
    OSTLER_TRY(restored_.faults, check_blobs(database, options_.backup / kBlobsName, progress_));
    return check_missing();
  }

  Result<void> check_missing() const {
    if (restored_.faults.count == 0 || options_.accept_missing) return success();
    return Error(Errc::Corrupt,
                 std::to_string(restored_.faults.count) + " logs or artifacts are missing in " +
                     options_.backup.string() + ", the first: " + restored_.faults.lines.front() +
                     "; --accept-missing restores the rest");
  }

  Result<void> make_room() {
    OSTLER_TRY(const auto there, occupants(options_.data));
    if (!there.empty() && !options_.replace) {
      return Error(Errc::UserFault,
                   options_.data.string() + " is not empty: it has " +
                       there.front().filename().string() +
                       "; give another --data-path, or --replace to move aside what is there");
    }
    OSTLER_TRY(files::write_file_atomically(mark(), "", 0600, files::Sync::Yes));
    has_begun_ = true;
    if (there.empty()) return success();
    const fs::path aside = free_place_aside(options_.data, options_.now);
    OSTLER_TRY(files::ensure_private_directory(aside));
    restored_.replaced = aside;
    unmoved_ = there;
    while (!unmoved_.empty()) {
      const fs::path& path = unmoved_.back();
      const fs::path target = aside / path.filename();
      if (::rename(path.c_str(), target.c_str()) != 0) {
        return Error::from_errno(errno, "move " + path.string() + " to " + aside.string());
      }
      unmoved_.pop_back();
    }
    return success();
  }

  Result<void> fill() {
    progress_("copying the database", 0, restored_.manifest.bytes);
    OSTLER_TRY(copy_whole_file(options_.backup / kDatabaseName, unfinished()));
    OSTLER_TRY(take_files());
    OSTLER_TRY(make_ready());
    OSTLER_TRY(sync_file_system(options_.data));
    const fs::path file = options_.data / kDatabaseName;
    if (::rename(unfinished().c_str(), file.c_str()) != 0) {
      return Error::from_errno(errno, "rename " + unfinished().string());
    }
    OSTLER_TRY(files::sync_directory(options_.data));
    OSTLER_TRY(files::remove_tree(mark()));
    return files::sync_directory(options_.data);
  }

  Result<void> take_files() {
    OSTLER_TRY(auto database, store::DatabaseFile::open(unfinished()));
    OSTLER_TRY(restored_.faults, copy_blobs(database, options_.backup / kBlobsName,
                                            options_.data / kBlobsName, progress_));
    OSTLER_TRY(check_missing());
    for (const auto& name : restored_.manifest.files) {
      OSTLER_TRY(copy_whole_file(options_.backup / fs::path(name).filename(),
                                 options_.data / fs::path(name).filename()));
    }
    return success();
  }

  Result<void> make_ready() {
    OSTLER_TRY(auto database, store::DatabaseFile::open_for_restore(unfinished()));
    const std::string reason =
        "the hub was restored from a backup of " + format_rfc3339(restored_.manifest.created_at, 0);
    OSTLER_TRY(restored_.ended_builds, database.end_unfinished_builds(options_.now, reason));
    restored_.knows_replaced_numbers = take_replaced_numbers(database).has_value();
    return database.skip_build_numbers(kSkippedBuildNumbers);
  }

  /// Fails when what is replaced can no longer be read, which may be why a backup is wanted.
  Result<void> take_replaced_numbers(store::DatabaseFile& database) {
    if (!restored_.replaced) return success();
    const fs::path file = *restored_.replaced / kDatabaseName;
    if (!fs::exists(file)) return success();
    OSTLER_TRY(auto old, store::DatabaseFile::open(file));
    return database.take_build_numbers(old);
  }

  /// Removes what was written, puts back what was moved aside.
  Result<void> undo() {
    if (!has_begun_) return success();
    if (restored_.replaced) {
      OSTLER_TRY(put_back(*restored_.replaced));
    } else {
      OSTLER_TRY(remove_written({}));
    }
    return files::remove_tree(mark());
  }

  /// Nothing that was there before is removed: what could not be moved aside is still in place.
  Result<void> remove_written(const std::vector<fs::path>& kept) {
    OSTLER_TRY(const auto written, occupants(options_.data));
    for (const auto& path : written) {
      if (std::ranges::find(kept, path) != kept.end()) continue;
      OSTLER_TRY(files::remove_tree(path));
    }
    return success();
  }

  Result<void> put_back(const fs::path& aside) {
    OSTLER_TRY(remove_written(unmoved_));
    OSTLER_TRY(const auto moved, occupants(aside));
    for (const auto& path : moved) {
      const fs::path target = options_.data / path.filename();
      if (::rename(path.c_str(), target.c_str()) != 0) {
        return Error::from_errno(errno, "move back " + path.string());
      }
    }
    return files::remove_tree(aside);
  }

  const RestoreOptions& options_;
  const Progress& progress_;
  Restored restored_;
  std::vector<fs::path> unmoved_;  ///< of what was there
  bool has_begun_ = false;         ///< the directory is no longer as it was
};

}  // namespace

Result<Restored> restore(const RestoreOptions& options, const Progress& progress) {
  OSTLER_TRY(auto manifest, read_manifest(options.backup));
  const auto below =
      fs::weakly_canonical(options.backup).lexically_relative(fs::weakly_canonical(options.data));
  if (!below.empty() && *below.begin() != "..") {
    return Error(Errc::UserFault, options.backup.string() + " is inside " + options.data.string() +
                                      "; move the backup elsewhere first");
  }
  OSTLER_TRY(const auto directory, StateDirectory::open(options.data));
  return Restoration(options, progress).run(std::move(manifest));
}

}  // namespace ostler::hub
