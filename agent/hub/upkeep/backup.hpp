// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "hub/upkeep/blob_files.hpp"
#include "wire/backup.hpp"

namespace ostler::hub {

struct BackupOptions {
  std::filesystem::path data;         ///< the hub's directory
  std::filesystem::path destination;  ///< must be missing or empty
  bool with_keys = false;             ///< put the keys in, too
  Timestamp now;
};

/// Copies the data of a hub, which may be running and goes on meanwhile: first the database as it
/// is at one moment, then the logs and artifacts of which that copy speaks. The destination is laid
/// out like a hub's directory, with the manifest in `backup.json`, which is written last.
/// Errors: NotFound when there is no hub's data; UserFault when the destination is not empty;
/// Conflict when another backup is under way; Unavailable when there is no room; others of the file
/// system. What a failed backup has written is removed.
Result<wire::BackupManifest> back_up(const BackupOptions& options, const Progress& progress);

}  // namespace ostler::hub
