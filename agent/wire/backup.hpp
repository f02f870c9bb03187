// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

// What is written about a backup of a hub, and about a check of one's data.
namespace ostler::wire {

/// The file `backup.json`, which is written last: a directory without it is no whole backup.
struct BackupManifest {
  Timestamp created_at;               ///< of the database's copy
  std::int64_t database_version = 0;  ///< its last migration
  std::int64_t logs = 0;              ///< files
  std::int64_t artifacts = 0;         ///< files
  std::int64_t bytes = 0;             ///< of database, logs and artifacts
  std::vector<std::string> files;     ///< other files of the hub's directory that it holds
  std::vector<std::string> left_out;  ///< other files that it does not hold: keys
  std::vector<std::string> faults;    ///< logs and artifacts that the hub itself had lost
};
std::string encode(const BackupManifest& manifest);
/// Errors: Protocol, naming the field; UserFault when a newer version wrote it.
Result<BackupManifest> decode_backup_manifest(std::string_view json);

/// What a check found.
struct HubCheck {
  std::string directory{};
  std::int64_t database_version = 0;
  std::int64_t logs = 0;
  std::int64_t artifacts = 0;
  std::int64_t bytes = 0;  ///< of logs and artifacts, as the database counts them
  std::int64_t fault_count = 0;
  std::vector<std::string> faults{};  ///< the first of them
};
std::string encode(const HubCheck& check);

}  // namespace ostler::wire
