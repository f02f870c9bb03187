// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "hub/upkeep/blob_files.hpp"
#include "wire/backup.hpp"

namespace ostler::hub {

/// Numbers of builds that a restored hub leaves out in each pipeline: those that may have been
/// given after the backup was made.
inline constexpr std::int64_t kSkippedBuildNumbers = 1000;

struct RestoreOptions {
  std::filesystem::path backup;
  std::filesystem::path data;   ///< where a hub is to find it
  bool replace = false;         ///< move aside what is there
  bool accept_missing = false;  ///< restore although logs or artifacts are missing
  Timestamp now;
};

struct Restored {
  wire::BackupManifest manifest;
  std::int64_t ended_builds = 0;                       ///< were not over in the backup
  BlobFaults faults;                                   ///< what was missing, and accepted
  std::optional<std::filesystem::path> replaced = {};  ///< where what was there is now
  bool knows_replaced_numbers = true;  ///< no build number of what was there is given again
};

/// Makes the hub's directory `data` from a backup. Builds that were not over end: nobody knows
/// which of their jobs have run since, and none may run twice.
/// Errors: NotFound when `backup` is no whole backup; Conflict when a hub runs on `data`; UserFault
/// when there is something else, or a newer version made the backup; Corrupt when the backup is
/// damaged; Unavailable when there is no room. What a failed one has written is removed.
Result<Restored> restore(const RestoreOptions& options, const Progress& progress);

}  // namespace ostler::hub
