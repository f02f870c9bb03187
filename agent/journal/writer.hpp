// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "base/uuid.hpp"
#include "journal/record.hpp"
#include "journal/verdict.hpp"

namespace ostler::journal {

class SegmentCursor;

/// Room that every journal keeps allocated on the disk for its verdict.
inline constexpr std::uint64_t kVerdictReserve = 64u * 1024;
/// The longest payload of one record.
inline constexpr std::uint32_t kMaxPayload = 16u << 20;

struct WriterOptions {
  std::uint64_t segment_size = 16u << 20;  ///< a segment is closed when it reaches this size
  /// A new journal (or the next segment) counts its output from here when that is more than what
  /// the journal holds: what was already sent keeps its offsets after a restart of the machine.
  std::uint64_t minimum_output = 0;
};

/// The most entries of one append.
inline constexpr std::size_t kMaxEntries = 512;

/// One record to append.
struct Entry {
  RecordType type = RecordType::Output;
  std::string_view payload;
};

/// Appends records to the journal in one directory. Requires: the caller holds the job's lock; so
/// there is one writer. Runs on: one thread.
class Writer {
 public:
  /// Continues the journal in `directory`, or begins it. A torn record at the end of the last
  /// segment is cut off. Errors: Corrupt when no segment has a whole header; Conflict when the
  /// format is of a newer major version (nothing is touched); Unavailable when the disk is full.
  static Result<Writer> open(const std::filesystem::path& directory, const Clock& clock,
                             const WriterOptions& options = {});

  Writer(Writer&&) noexcept = default;
  Writer& operator=(Writer&&) noexcept = default;
  /// Gives unused reserved space back; does not sync.
  ~Writer();

  /// Appends all entries with one write, all with the same time, or none of them.
  /// Errors: Unavailable (native ENOSPC or EDQUOT) when the disk is full: nothing was written and
  /// the call may be repeated. Requires: at most kMaxEntries, no payload over kMaxPayload, no
  /// verdict yet.
  Result<void> append(std::span<const Entry> entries);
  Result<void> append(RecordType type, std::string_view payload);
  /// Appends the verdict, into the reserved space if need be. Nothing can be appended after it.
  Result<void> append_verdict(const Verdict& verdict);

  /// Brings everything to the disk (fdatasync). Cheap when nothing was appended since.
  Result<void> sync();
  /// Whether something was appended since the last sync.
  bool is_dirty() const { return dirty_; }

  Position end() const { return end_; }
  /// The verdict that an earlier writer left; none while the job lives.
  const std::optional<Verdict>& verdict() const { return verdict_; }
  /// The machine's run in which the journal was written so far; the present one when it is new.
  const Uuid& boot_id() const { return boot_id_; }

 private:
  struct Segment {
    UniqueFd fd;
    std::uint64_t number = 0;
    std::uint64_t size = 0;       ///< bytes of whole records, header included
    std::uint64_t allocated = 0;  ///< bytes that the disk has set aside from the beginning
  };

  Writer(std::filesystem::path directory, const Clock& clock, const WriterOptions& options);
  Result<void> continue_last(std::span<const std::uint64_t> numbers);
  Result<void> continue_in(SegmentCursor& cursor);
  Result<Segment> make_segment(std::uint64_t number, const Uuid& boot_id);
  Result<void> roll();
  Result<void> reserve(Segment& segment, std::uint64_t growth) const;
  void give_back_space();
  Result<void> write(std::span<const Entry> entries);

  std::filesystem::path directory_;
  const Clock* clock_;
  WriterOptions options_;
  Segment segment_;
  std::vector<UniqueFd> unsynced_;  ///< closed segments that sync() still owes, at most 8
  Position end_;
  std::optional<Verdict> verdict_;
  Uuid boot_id_;
  bool dirty_ = false;
  bool directory_dirty_ = false;
};

}  // namespace ostler::journal
