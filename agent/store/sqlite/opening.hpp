// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "files/file_lock.hpp"
#include "store/sqlite/connection.hpp"

// How a store comes to its connections.
namespace ostler::store::sqlite {

/// Errors: Conflict when another hub has it.
Result<files::FileLock> lock_directory(const std::filesystem::path& directory);

/// The connection of the writer, to a database of the newest version: made or upgraded.
Result<Connection> open_writer(const std::filesystem::path& file);
Result<std::vector<Connection>> open_readers(const std::filesystem::path& file, unsigned count);

}  // namespace ostler::store::sqlite
