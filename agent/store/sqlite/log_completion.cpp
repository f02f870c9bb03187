// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/log_index.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

struct IndexRow {
  std::int64_t start = 0;
  std::int64_t size = 0;
  std::optional<std::int64_t> sequence;
  std::optional<std::int64_t> agent_offset;
  std::int64_t position = 0;
  std::int64_t stored_size = 0;
  std::string marker;
};

IndexRow read_index_row(Row& row) {
  IndexRow chunk;
  row.take(chunk.start, chunk.size, chunk.sequence, chunk.agent_offset, chunk.position,
           chunk.stored_size);
  return chunk;
}

struct Totals {
  std::int64_t readable = 0;
  std::int64_t received = 0;
  std::int64_t dropped = 0;
  std::int64_t failed_chunks = 0;
};

Totals read_totals(Row& row) {
  Totals totals;
  row.take(totals.readable, totals.received, totals.dropped, totals.failed_chunks);
  return totals;
}

constexpr std::string_view kEnsureLog =
    "INSERT INTO job_logs (job_id, readable, received, dropped, stored, complete) "
    "VALUES (?, 0, 0, 0, 0, 0) ON CONFLICT (job_id) DO NOTHING";
constexpr std::string_view kTotals =
    "SELECT l.readable, l.received, l.dropped, j.chunks_failed_count FROM jobs j "
    "JOIN job_logs l ON l.job_id = j.id WHERE j.id = ?";
constexpr std::string_view kChunks =
    "SELECT start, size, sequence, agent_offset, position, stored_size FROM log_chunks "
    "WHERE job_id = ? AND marker = '' ORDER BY start";
constexpr std::string_view kLimitMarker =
    "SELECT start, marker FROM log_chunks WHERE job_id = ? AND marker <> ''";
constexpr std::string_view kInsert =
    "INSERT INTO log_chunks (job_id, start, size, sequence, agent_offset, position, stored_size, "
    "marker) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

IndexRow marker_row(std::int64_t start, std::string text) {
  IndexRow row;
  row.start = start;
  row.size = static_cast<std::int64_t>(text.size());
  row.marker = std::move(text);
  return row;
}

std::string gap_line(std::int64_t bytes) {
  return "\n[ostler: " + std::to_string(bytes) + " bytes of this log are missing here]\n";
}

/// The line that `append_chunk` put where the log was cut.
IndexRow read_limit_marker(Row& row) {
  IndexRow marker;
  row.take(marker.start, marker.marker);
  return marker;
}

/// What ends a log that was cut. Who has read it so far has read the marker.
std::string cut_lines(const Totals& totals, std::int64_t limit, const std::string& marker) {
  return marker + (marker.empty() ? "\n" : "") + "[ostler: " + cut_words(limit) + "; " +
         std::to_string(totals.dropped) + " more bytes were dropped]\n";
}

/// What ends the log when bytes are known to be missing but not where.
std::string end_line(const Totals& totals, bool has_gap) {
  if (totals.failed_chunks == 0 || has_gap) return {};
  return "\n[ostler: the agent could not deliver " + std::to_string(totals.failed_chunks) +
         " chunks of this log]\n";
}

/// The chunks moved together so that each gap is as long as the line that stands for it.
std::vector<IndexRow> close_gaps(std::vector<IndexRow> chunks, const Totals& totals,
                                 const std::optional<IndexRow>& limit) {
  std::vector<IndexRow> closed;
  std::int64_t expected = 0;
  std::int64_t end = 0;
  bool has_gap = false;
  const auto close_until = [&](std::int64_t start) {
    if (start <= expected) return;
    closed.push_back(marker_row(end, gap_line(start - expected)));
    end += closed.back().size;
    has_gap = true;
  };
  for (IndexRow& chunk : chunks) {
    close_until(chunk.start);
    expected = chunk.start + chunk.size;
    chunk.start = end;
    end += chunk.size;
    closed.push_back(std::move(chunk));
  }
  if (limit) close_until(limit->start);
  auto line = totals.dropped > 0
                  ? cut_lines(totals, limit ? limit->start : expected, limit ? limit->marker : "")
                  : end_line(totals, has_gap);
  if (!line.empty()) closed.push_back(marker_row(end, std::move(line)));
  return closed;
}

Result<std::int64_t> replace_chunks(Connection& database, JobId job,
                                    const std::vector<IndexRow>& chunks) {
  OSTLER_TRY(database.run("DELETE FROM log_chunks WHERE job_id = ?", job));
  std::int64_t end = 0;
  for (const IndexRow& chunk : chunks) {
    OSTLER_TRY(database.run(kInsert, job, chunk.start, chunk.size, chunk.sequence,
                            chunk.agent_offset, chunk.position, chunk.stored_size, chunk.marker));
    end = chunk.start + chunk.size;
  }
  return end;
}

}  // namespace

Result<void> complete_log(Connection& database, JobId job) {
  OSTLER_TRY(database.run(kEnsureLog, job));
  OSTLER_TRY(const auto totals, require(database.find(kTotals, read_totals, job), "job"));
  std::int64_t end = totals.readable;
  const bool is_whole =
      totals.readable == totals.received && totals.dropped == 0 && totals.failed_chunks == 0;
  if (!is_whole) {
    OSTLER_TRY(auto chunks, database.list(kChunks, read_index_row, job));
    OSTLER_TRY(const auto limit, database.find(kLimitMarker, read_limit_marker, job));
    OSTLER_TRY(end, replace_chunks(database, job, close_gaps(std::move(chunks), totals, limit)));
  }
  OSTLER_TRY(
      database.run("UPDATE job_logs SET readable = ?, complete = 1 WHERE job_id = ?", end, job));
  return success();
}

}  // namespace ostler::store::sqlite
