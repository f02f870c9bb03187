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

/// Whether a chunk is placed and compressed as it says; costs the time that its bytes take.
/// `limit`: of its size. Errors: UserFault.
Result<void> check_chunk(const AppendChunk& chunk, std::int64_t limit);

/// Writes a checked chunk behind what the index knows of the blob and indexes it. The blob must be
/// synced before the transaction commits. What lies over `limit` is counted, not kept, and a line
/// at the limit says so.
/// Errors: NotFound; Conflict when it overlaps another chunk or the log is complete.
Result<void> append_chunk(Connection& database, BlobStore& blobs, const AppendChunk& chunk,
                          std::int64_t limit);

/// Ends a log: nothing is added any more, and each gap becomes a line that says so.
Result<void> complete_log(Connection& database, JobId job);

/// "log cut at 1 GiB": of a log that has reached its limit.
std::string cut_words(std::int64_t limit);

Result<LogExtent> log_extent(Connection& database, JobId job);
Result<std::string> read_log(Connection& database, const BlobStore& blobs, const ReadLog& query);

/// Cuts from the blobs of open logs what a crash left behind the last indexed byte.
Result<void> cut_unindexed_tails(Connection& database, BlobStore& blobs);

}  // namespace ostler::store::sqlite
