// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "files/file_lock.hpp"

namespace ostler::hub {

inline constexpr std::string_view kDatabaseName = "ostler.db";
/// Is there while a restore is under way: a hub does not start beside it.
inline constexpr std::string_view kHalfRestoredName = "ostler.db.half-restored";
inline constexpr std::string_view kBlobsName = "blobs";
inline constexpr std::string_view kManifestName = "backup.json";

/// The files of a hub's directory beside database, logs and artifacts, without those that every
/// start makes anew. Sorted.
struct HubFiles {
  std::vector<std::string> tokens;  ///< texts of tokens that nobody could make again
  std::vector<std::string> keys;    ///< everything else: what the data is sealed and signed with
};
/// Errors: of the file system.
Result<HubFiles> files_of(const std::filesystem::path& directory);

/// Copies a small file whole, to a name that is free.
Result<void> copy_whole_file(const std::filesystem::path& from, const std::filesystem::path& to);

/// Makes everything safe that was written to the file system of a directory: one call for all its
/// files, rather than one for each.
Result<void> sync_file_system(const std::filesystem::path& directory);

/// While it is held no log or artifact is removed from a hub's directory.
/// Errors: Conflict when a backup or a check holds it.
Result<files::FileLock> hold_blobs(const std::filesystem::path& directory);
/// Whether somebody holds it.
Result<bool> are_blobs_held(const std::filesystem::path& directory);

}  // namespace ostler::hub
