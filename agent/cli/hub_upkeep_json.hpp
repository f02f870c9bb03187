// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "hub/upkeep/restore.hpp"
#include "wire/backup.hpp"

// What `ostler hub backup|restore --json` print.
namespace ostler::cli {

/// A backup that was made at `destination`: its manifest with that directory.
std::string backup_json(const wire::BackupManifest& made, const std::filesystem::path& destination);

/// A hub that was made at `data` from a backup.
std::string restored_json(const hub::Restored& restored, const std::filesystem::path& data);

}  // namespace ostler::cli
