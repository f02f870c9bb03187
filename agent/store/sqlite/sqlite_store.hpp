// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/blob_store.hpp"
#include "store/store.hpp"

namespace ostler::store {

struct SqliteOptions {
  std::filesystem::path directory;  ///< made (mode 0700) when missing; holds ostler.db and its lock
  Timestamp now;                    ///< every lease gets a full term from here
  unsigned readers = 2;
  std::size_t queued_commands = 8192;              ///< more are refused with Unavailable
  std::size_t queued_bytes = 256u << 20;           ///< of log chunks; more are refused likewise
  std::int64_t log_limit = std::int64_t{1} << 30;  ///< uncompressed bytes of one job's log
  std::int64_t chunk_limit = 1 << 20;              ///< of one chunk, as agents are told
};

/// Opens the store, making or upgrading the database. `blobs` must outlive it.
/// Errors: Conflict when another hub has it open; UserFault when a newer version wrote it, or the
/// directory is not private; Unavailable, Denied and Corrupt from file system and database.
Result<std::unique_ptr<Store>> open_sqlite_store(SqliteOptions options, BlobStore& blobs);

}  // namespace ostler::store
