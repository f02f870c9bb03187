// SPDX-License-Identifier: Apache-2.0
#include "hub/upkeep/restore.hpp"

#include <cstdio>
#include <utility>
#include <vector>

#include "files/file.hpp"
#include "files/remove_tree.hpp"
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
    if (name != "hub.lock" && !name.starts_with(kReplaced)) found.push_back(entry->path());
  }
  if (ec) return Error::from_errno(ec.value(), "list " + data.string());
  return found;
}

/// "replaced-20260102T030405Z"
std::string replaced_name(Timestamp now) {
  std::string name(kReplaced);
  for (const char c : format_rfc3339(now, 0)) {
    if (c != '-' && c != ':') name += c;
  }
  return name;
}

class Restoration {
 public:
  Restoration(const RestoreOptions& options, const Progress& progress)
      : options_(options), progress_(progress) {}

  Result<Restored> run(wire::BackupManifest manifest) {
    restored_.manifest = std::move(manifest);
    OSTLER_TRY(make_room());
    auto done = fill();
    if (done) return std::move(restored_);
    auto error = std::move(done).error();
    if (restored_.replaced) {
      error = std::move(error).with_context("what was there is in " + restored_.replaced->string());
    }
    if (auto removed = remove_written(); !removed) {
      return std::move(error).with_context(removed.error().message());
    }
    return error;
  }

 private:
  fs::path unfinished() const { return options_.data / "ostler.db.restoring"; }

  Result<void> make_room() {
    OSTLER_TRY(const auto there, occupants(options_.data));
    if (there.empty()) return success();
    if (!options_.replace) {
      return Error(Errc::UserFault,
                   options_.data.string() + " is not empty: it has " +
                       there.front().filename().string() +
                       "; give another --data-path, or --replace to move aside what is there");
    }
    const fs::path aside = options_.data / replaced_name(options_.now);
    OSTLER_TRY(files::ensure_private_directory(aside));
    for (const auto& path : there) {
      const fs::path target = aside / path.filename();
      if (::rename(path.c_str(), target.c_str()) != 0) {
        return Error::from_errno(errno, "move " + path.string() + " to " + aside.string());
      }
    }
    restored_.replaced = aside;
    return success();
  }

  Result<void> fill() {
    OSTLER_TRY(check_space(options_.data, restored_.manifest.bytes));
    progress_("copying the database", 0, restored_.manifest.bytes);
    OSTLER_TRY(copy_whole_file(options_.backup / kDatabaseName, unfinished()));
    OSTLER_TRY(check_database());
    OSTLER_TRY(take_files());
    OSTLER_TRY(make_ready());
    OSTLER_TRY(sync_file_system(options_.data));
    const fs::path file = options_.data / kDatabaseName;
    if (::rename(unfinished().c_str(), file.c_str()) != 0) {
      return Error::from_errno(errno, "rename " + unfinished().string());
    }
    return files::sync_directory(options_.data);
  }

  Result<void> check_database() {
    progress_("checking the database", 0, restored_.manifest.bytes);
    OSTLER_TRY(auto database, store::DatabaseFile::open(unfinished()));
    OSTLER_TRY(const auto faults, database.faults());
    if (faults.empty()) return success();
    return Error(Errc::Corrupt,
                 "the database in " + options_.backup.string() + " is damaged: " + faults.front());
  }

  Result<void> take_files() {
    OSTLER_TRY(auto database, store::DatabaseFile::open(unfinished()));
    OSTLER_TRY(restored_.faults, copy_blobs(database, options_.backup / kBlobsName,
                                            options_.data / kBlobsName, progress_));
    if (restored_.faults.count > 0 && !options_.accept_missing) {
      return Error(Errc::Corrupt,
                   std::to_string(restored_.faults.count) + " logs or artifacts are missing in " +
                       options_.backup.string() + ", the first: " + restored_.faults.lines.front() +
                       "; --accept-missing restores the rest");
    }
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
    return database.skip_build_numbers(kSkippedBuildNumbers);
  }

  Result<void> remove_written() {
    OSTLER_TRY(const auto written, occupants(options_.data));
    for (const auto& path : written) {
      OSTLER_TRY(files::remove_tree(path));
    }
    return success();
  }

  const RestoreOptions& options_;
  const Progress& progress_;
  Restored restored_;
};

}  // namespace

Result<Restored> restore(const RestoreOptions& options, const Progress& progress) {
  OSTLER_TRY(auto manifest, read_manifest(options.backup));
  OSTLER_TRY(const auto directory, StateDirectory::open(options.data));
  return Restoration(options, progress).run(std::move(manifest));
}

}  // namespace ostler::hub
