// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/blob_store.hpp"
#include "store/sqlite/connection.hpp"

namespace ostler::store {

/// A blob of which the database speaks.
struct PromisedBlob {
  BlobName name;
  std::int64_t size = 0;    ///< bytes: of a log those that the index knows, there may be more
  bool is_certain = false;  ///< else its upload was under way: it may be missing
};

/// The blobs of which a database speaks, counted.
struct PromisedBlobs {
  std::int64_t logs = 0;
  std::int64_t artifacts = 0;
  std::int64_t bytes = 0;
};

/// The database of a store as a file: to be copied and checked while a hub runs on it, to be made
/// ready for one while none does.
class DatabaseFile {
 public:
  /// Opens it for reading. Errors: NotFound; UserFault when it is no store of Ostler.
  static Result<DatabaseFile> open(const std::filesystem::path& file);
  /// Opens it for writing and brings it to the newest version.
  /// Errors: those of `open`; UserFault when it is of a newer version.
  static Result<DatabaseFile> open_for_restore(const std::filesystem::path& file);

  /// The number of the migration that it was brought to last.
  Result<std::int64_t> version();
  /// Bytes of the file, when all of it is one.
  Result<std::int64_t> size();

  /// Copies it to a new file as it is now, safe on the disk; others may write meanwhile.
  Result<void> copy_to(const std::filesystem::path& file, const sqlite::CopyProgress& progress);

  /// What is wrong with the file and with references between its rows, at most 100 lines.
  Result<std::vector<std::string>> faults();

  Result<PromisedBlobs> count_promised_blobs();
  /// At most `limit`, of one kind, in the order of their ids, those behind `after`.
  Result<std::vector<PromisedBlob>> promised_blobs(BlobKind kind, const Uuid& after,
                                                   std::int64_t limit);
  /// Whether the database still speaks of a blob as it did.
  Result<bool> still_promises(const PromisedBlob& blob);

  /// Ends every build that is not over, for `reason`: what had not begun is canceled, what agents
  /// held is lost. Returns how many builds that were.
  Result<std::int64_t> end_unfinished_builds(Timestamp now, const std::string& reason);
  /// The next build of each pipeline gets a number that is higher by `count`.
  Result<void> skip_build_numbers(std::int64_t count);
  /// No pipeline gives again a number that it has given in `other`.
  Result<void> take_build_numbers(DatabaseFile& other);

 private:
  Result<bool> has_plugins_table();

  explicit DatabaseFile(sqlite::Connection database) : database_(std::move(database)) {}

  sqlite::Connection database_;
};

}  // namespace ostler::store
