// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "model/job_state.hpp"
#include "store/gzip.hpp"
#include "store/sqlite/log_index.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

struct Piece {
  std::int64_t start = 0;
  std::int64_t size = 0;
  std::int64_t position = 0;
  std::int64_t stored_size = 0;
  std::string marker;
};

Piece read_piece(Row& row) {
  Piece piece;
  row.take(piece.start, piece.size, piece.position, piece.stored_size, piece.marker);
  return piece;
}

struct ExtentRow {
  model::JobState state = model::JobState::Waiting;
  bool is_build_over = false;
  std::optional<std::int64_t> readable;
  std::optional<bool> complete;
};

ExtentRow read_extent_row(Row& row) {
  ExtentRow extent;
  row.take(extent.state, extent.is_build_over, extent.readable, extent.complete);
  return extent;
}

constexpr std::string_view kExtent =
    "SELECT j.state, b.state IN (4, 5, 7, 8), l.readable, l.complete FROM jobs j "
    "JOIN builds b ON b.id = j.build_id LEFT JOIN job_logs l ON l.job_id = j.id "
    "WHERE j.id = ?";
constexpr std::string_view kFirstStart =
    "SELECT start FROM log_chunks WHERE job_id = ? AND start <= ? ORDER BY start DESC LIMIT 1";
constexpr std::string_view kPieces =
    "SELECT start, size, position, stored_size, marker FROM log_chunks "
    "WHERE job_id = ? AND start >= ? AND start < ? ORDER BY start LIMIT 256";

/// A log is open while an agent holds its job.
constexpr std::string_view kOpenLogs =
    "SELECT a.job_id, coalesce(l.stored, 0) FROM agents a "
    "LEFT JOIN job_logs l ON l.job_id = a.job_id WHERE a.job_id IS NOT NULL";

Result<std::string> bytes_of(const Piece& piece, BlobName blob, const BlobStore& blobs) {
  if (!piece.marker.empty()) return piece.marker;
  OSTLER_TRY(const auto gzip, blobs.read(blob, piece.position, piece.stored_size));
  auto bytes = gunzip(gzip, static_cast<std::size_t>(piece.size));
  if (!bytes) return Error(Errc::Corrupt, "log blob " + blob.id.str() + " is damaged");
  return bytes;
}

/// The part of a piece that lies between two places of the log.
std::string_view cut(std::string_view bytes, std::int64_t start, std::int64_t from,
                     std::int64_t to) {
  const auto begin = static_cast<std::size_t>(std::max<std::int64_t>(0, from - start));
  const auto end = static_cast<std::size_t>(to - start);
  return bytes.substr(begin, std::min(end, bytes.size()) - begin);
}

}  // namespace

namespace {

/// Whether a job that no agent ever held will have no log either. One that waits in vain may be
/// revived by a retry as long as its build goes on.
bool has_no_more(const ExtentRow& row) {
  if (row.state == model::JobState::WaitingFailed) return row.is_build_over;
  return is_terminal(row.state);
}

}  // namespace

Result<LogExtent> log_extent(Connection& database, JobId job) {
  OSTLER_TRY(const auto row, require(database.find(kExtent, read_extent_row, job), "job"));
  return LogExtent{.size = row.readable.value_or(0),
                   .complete = row.complete.value_or(has_no_more(row))};
}

Result<std::string> read_log(Connection& database, const BlobStore& blobs, const ReadLog& query) {
  OSTLER_TRY(const auto extent, log_extent(database, query.job));
  const std::int64_t from = std::max<std::int64_t>(0, query.offset);
  const std::int64_t to = std::min(extent.size, from + std::max<std::int64_t>(0, query.limit));
  if (from >= to) return std::string();
  OSTLER_TRY(const auto first, database.find(kFirstStart, read_int, query.job, from));
  OSTLER_TRY(const auto pieces,
             database.list(kPieces, read_piece, query.job, first.value_or(0), to));
  std::string text;
  for (const Piece& piece : pieces) {
    OSTLER_TRY(const auto bytes, bytes_of(piece, BlobName::of(query.job), blobs));
    text += cut(bytes, piece.start, from, to);
  }
  return text;
}

Result<void> cut_unindexed_tails(Connection& database, BlobStore& blobs) {
  struct Open {
    JobId job;
    std::int64_t stored = 0;
  };
  const auto read_open = [](Row& row) {
    Open open;
    row.take(open.job, open.stored);
    return open;
  };
  OSTLER_TRY(const auto logs, database.list(kOpenLogs, read_open));
  for (const auto& log : logs) {
    OSTLER_TRY(blobs.truncate(BlobName::of(log.job), log.stored));
  }
  return success();
}

}  // namespace ostler::store::sqlite
