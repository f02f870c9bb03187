// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/size_text.hpp"
#include "store/gzip.hpp"
#include "store/sqlite/log_index.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// No log is longer; keeps sums of offsets and sizes from overflowing.
constexpr std::int64_t kLargestOffset = std::int64_t{1} << 50;

struct LogRow {
  std::int64_t readable = 0;
  std::int64_t received = 0;
  std::int64_t dropped = 0;
  std::int64_t stored = 0;
  bool complete = false;
};

LogRow read_log_row(Row& row) {
  LogRow log;
  row.take(log.readable, log.received, log.dropped, log.stored, log.complete);
  return log;
}

constexpr std::string_view kLoadLog =
    "SELECT readable, received, dropped, stored, complete FROM job_logs WHERE job_id = ?";
constexpr std::string_view kSaveLog =
    "INSERT INTO job_logs (job_id, readable, received, dropped, stored, complete) "
    "VALUES (?1, ?2, ?3, ?4, ?5, 0) ON CONFLICT (job_id) DO UPDATE SET readable = ?2, "
    "received = ?3, dropped = ?4, stored = ?5";
constexpr std::string_view kKnownChunk =
    "SELECT c.agent_offset, c.size, EXISTS (SELECT 1 FROM log_chunks m WHERE m.job_id = c.job_id "
    "AND m.start = c.start + c.size AND m.marker <> '') "
    "FROM log_chunks c WHERE c.job_id = ? AND c.sequence = ?";
constexpr std::string_view kLastChunk =
    "SELECT start, size, marker <> '' FROM log_chunks WHERE job_id = ? ORDER BY start DESC LIMIT 1";
constexpr std::string_view kEndBefore =
    "SELECT start + size FROM log_chunks WHERE job_id = ? AND start <= ? "
    "ORDER BY start DESC LIMIT 1";
constexpr std::string_view kStartAfter =
    "SELECT start FROM log_chunks WHERE job_id = ? AND start > ? ORDER BY start LIMIT 1";
constexpr std::string_view kChunkAt =
    "SELECT start + size FROM log_chunks WHERE job_id = ? AND start = ?";
constexpr std::string_view kInsertChunk =
    "INSERT INTO log_chunks (job_id, start, size, sequence, agent_offset, position, stored_size) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)";

constexpr std::string_view kInsertMarker =
    "INSERT INTO log_chunks (job_id, start, size, marker) VALUES (?, ?, ?, ?)";

struct KeptChunk {
  std::int64_t offset = 0;
  std::int64_t size = 0;
  bool has_marker = false;  ///< behind it, or: it is one
};

KeptChunk read_kept_chunk(Row& row) {
  KeptChunk chunk;
  row.take(chunk.offset, chunk.size, chunk.has_marker);
  return chunk;
}

Error conflict(const AppendChunk& chunk, std::string_view why) {
  return Error(Errc::Conflict, "log chunk " + std::to_string(chunk.sequence) + " of job " +
                                   chunk.job.str() + ": " + std::string(why));
}

Result<void> check_agent(Connection& database, const AppendChunk& chunk) {
  OSTLER_TRY(const auto agent, require(database.find("SELECT agent_id FROM jobs WHERE id = ?",
                                                     read_value<std::optional<AgentId>>, chunk.job),
                                       "job"));
  if (agent != chunk.agent) return Error(Errc::NotFound, "no such job");
  return success();
}

/// Where the log ends. One that was cut ends there for good, whatever the limit is today: its
/// readers have read the marker. Bytes that a higher limit let in stay.
Result<std::int64_t> end_of_log(Connection& database, JobId job, std::int64_t limit) {
  OSTLER_TRY(const auto last, database.find(kLastChunk, read_kept_chunk, job));
  if (!last) return limit;
  return last->has_marker ? last->offset : std::max(limit, last->offset + last->size);
}

/// Whether the chunk is here already; of one that goes over the end of its log the begin is.
Result<bool> is_repeat(Connection& database, const CheckedChunk& chunk) {
  const AppendChunk& kept = chunk.kept;
  OSTLER_TRY(const auto known,
             database.find(kKnownChunk, read_kept_chunk, kept.job, kept.sequence));
  if (!known) return false;
  const bool is_cut = known->size < chunk.size && known->has_marker;
  if (known->offset == kept.offset && (known->size == chunk.size || is_cut)) return true;
  return conflict(kept, "the sequence was used for other bytes");
}

Result<void> check_overlap(Connection& database, const AppendChunk& chunk) {
  OSTLER_TRY(const auto end, database.find(kEndBefore, read_int, chunk.job, chunk.offset));
  OSTLER_TRY(const auto next, database.find(kStartAfter, read_int, chunk.job, chunk.offset));
  const bool overlaps = (end && *end > chunk.offset) || (next && *next < chunk.offset + chunk.size);
  if (overlaps) return conflict(chunk, "it overlaps another chunk");
  return success();
}

/// The end of the run of chunks without a gap that goes through `end`.
Result<std::int64_t> end_of_run(Connection& database, JobId job, std::int64_t end) {
  while (true) {
    OSTLER_TRY(const auto next, database.find(kChunkAt, read_int, job, end));
    if (!next) return end;
    end = *next;
  }
}

Result<void> save(Connection& database, JobId job, const LogRow& log) {
  OSTLER_TRY(database.run(kSaveLog, job, log.readable, log.received, log.dropped, log.stored));
  return success();
}

Result<void> index_chunk(Connection& database, const AppendChunk& chunk, LogRow& log) {
  const auto stored_size = static_cast<std::int64_t>(chunk.gzip.size());
  OSTLER_TRY(database.run(kInsertChunk, chunk.job, chunk.offset, chunk.size, chunk.sequence,
                          chunk.offset, log.stored, stored_size));
  log.stored += stored_size;
  log.received += chunk.size;
  if (log.readable == chunk.offset) {
    OSTLER_TRY(log.readable, end_of_run(database, chunk.job, chunk.offset + chunk.size));
  }
  return save(database, chunk.job, log);
}

Result<void> keep(Connection& database, BlobStore& blobs, const AppendChunk& chunk, LogRow& log) {
  OSTLER_TRY(check_overlap(database, chunk));
  OSTLER_TRY(blobs.write_at(BlobName::of(chunk.job), log.stored, chunk.gzip));
  return index_chunk(database, chunk, log);
}

/// Counts what the chunk has over the end of its log. The first one that has puts a line there, so
/// that who reads while the job goes on does not wait for more.
Result<void> mark_end(Connection& database, const CheckedChunk& chunk, LogRow& log) {
  const std::int64_t end = chunk.log_end;
  log.dropped = std::max(log.dropped, chunk.kept.offset + chunk.size - end);
  OSTLER_TRY(const auto marked, database.find(kChunkAt, read_int, chunk.kept.job, end));
  if (marked) return success();
  const std::string line =
      "\n[ostler: " + cut_words(end) + "; what the job says from here on is not kept]\n";
  const auto size = static_cast<std::int64_t>(line.size());
  OSTLER_TRY(database.run(kInsertMarker, chunk.kept.job, end, size, line));
  if (log.readable == end) log.readable += size;
  return success();
}

/// The first `size` bytes of a chunk. Requires: not more than it has.
Result<AppendChunk> begin_of(const AppendChunk& chunk, std::int64_t size) {
  OSTLER_TRY(const std::string bytes, gunzip(chunk.gzip, static_cast<std::size_t>(chunk.size)));
  AppendChunk begin = chunk;
  begin.size = size;
  begin.gzip = gzip(std::string_view(bytes).substr(0, static_cast<std::size_t>(size)));
  return begin;
}

}  // namespace

std::string cut_words(std::int64_t limit) {
  std::string size = size_text(static_cast<std::uint64_t>(limit));
  if (const std::size_t whole = size.find(".0 "); whole != size.npos) size.erase(whole, 2);
  return "log cut at " + size;
}

Result<CheckedChunk> check_chunk(Connection& database, const AppendChunk& chunk,
                                 const LogLimits& limits) {
  const bool is_placed = chunk.sequence >= 0 && chunk.offset >= 0 && chunk.offset < kLargestOffset;
  if (!is_placed) return Error(Errc::UserFault, "log chunk: sequence or offset is out of range");
  if (chunk.size < 0 || chunk.size > limits.chunk) {
    return Error(Errc::UserFault, "log chunk: size must be 0 to " + std::to_string(limits.chunk));
  }
  OSTLER_TRY(const auto end, end_of_log(database, chunk.job, limits.log));
  CheckedChunk checked{.kept = {}, .size = chunk.size, .log_end = end};
  if (chunk.offset < end && chunk.offset + chunk.size > end) {
    OSTLER_TRY(checked.kept, begin_of(chunk, end - chunk.offset));
    return checked;
  }
  OSTLER_TRY(check_gzip(chunk.gzip, static_cast<std::size_t>(chunk.size)));
  checked.kept = chunk;
  return checked;
}

Result<void> append_chunk(Connection& database, BlobStore& blobs, const CheckedChunk& chunk) {
  const AppendChunk& kept = chunk.kept;
  OSTLER_TRY(check_agent(database, kept));
  OSTLER_TRY(const bool repeat, is_repeat(database, chunk));
  if (repeat || chunk.size == 0) return success();
  OSTLER_TRY(auto found, database.find(kLoadLog, read_log_row, kept.job));
  LogRow log = found.value_or(LogRow{});
  if (log.complete) return conflict(kept, "the log is complete");
  if (kept.offset + chunk.size > chunk.log_end) {
    OSTLER_TRY(mark_end(database, chunk, log));
  }
  if (kept.offset >= chunk.log_end) return save(database, kept.job, log);
  return keep(database, blobs, kept, log);
}

}  // namespace ostler::store::sqlite
