// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/blob_store.hpp"
#include "store/jobs.hpp"
#include "store/sqlite/connection.hpp"

// The index of the log blobs: which bytes of a job's log are where in its blob.
namespace ostler::store::sqlite {

/// Uncompressed bytes.
struct LogLimits {
  std::int64_t log = 0;
  std::int64_t chunk = 0;
};

/// A chunk that is placed and compressed as it says, cut to what its log takes.
struct CheckedChunk {
  AppendChunk kept;          ///< all of it when the log takes all or nothing
  std::int64_t size = 0;     ///< as it was sent
  std::int64_t log_end = 0;  ///< where the log ends; the same as long as the limits are
};

/// Checks a chunk and cuts it. Costs the time that its bytes take: not for the one that writes.
/// Errors: UserFault.
Result<CheckedChunk> check_chunk(Connection& database, const AppendChunk& chunk,
                                 const LogLimits& limits);

/// Writes a checked chunk behind what the index knows of the blob and indexes it. The blob must be
/// synced before the transaction commits. What lies over the end of the log is counted, not kept,
/// and a line there says so.
/// Errors: NotFound; Conflict when it overlaps another chunk or the log is complete.
Result<void> append_chunk(Connection& database, BlobStore& blobs, const CheckedChunk& chunk);

/// Ends a log: nothing is added any more, and each gap becomes a line that says so.
Result<void> complete_log(Connection& database, JobId job);

/// "log cut at 1 GiB": of a log that has reached its limit.
std::string cut_words(std::int64_t limit);

Result<LogExtent> log_extent(Connection& database, JobId job);
Result<std::string> read_log(Connection& database, const BlobStore& blobs, const ReadLog& query);

/// Cuts from the blobs of open logs what a crash left behind the last indexed byte.
Result<void> cut_unindexed_tails(Connection& database, BlobStore& blobs);

}  // namespace ostler::store::sqlite
