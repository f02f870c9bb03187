// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "base/uuid.hpp"
#include "journal/record.hpp"

// The bytes of one segment; docs/journal.md has them as a table.
namespace ostler::journal {

inline constexpr std::uint16_t kFormatMajor = 1;
inline constexpr std::uint16_t kFormatMinor = 0;
inline constexpr std::size_t kSegmentHeaderSize = 64;
inline constexpr std::size_t kRecordHeaderSize = 28;

/// What stands at the beginning of a segment.
struct SegmentHeader {
  std::uint64_t number = 0;  ///< from 1
  Position begin;            ///< of its first record
  Uuid boot_id;              ///< of the machine's run in which the segment was begun
};

std::string encode(const SegmentHeader& header);
/// Errors: Corrupt; Conflict when the format has a newer major version.
Result<SegmentHeader> decode_segment_header(std::string_view bytes);

/// The header of a record, its checksum included.
std::array<char, kRecordHeaderSize> encode_record_header(RecordType type, std::uint64_t sequence,
                                                         Timestamp time, std::string_view payload);

/// The file of segment `number`: "journal.000001".
std::filesystem::path segment_path(const std::filesystem::path& directory, std::uint64_t number);
/// The numbers of the segments in `directory`, ascending; none when there is no directory.
Result<std::vector<std::uint64_t>> list_segments(const std::filesystem::path& directory);

/// Brings all segments in `directory` to the disk, for a journal that nobody writes any more.
Result<void> sync_segments(const std::filesystem::path& directory);

/// The id of the machine's present run. Errors: those of reading it; Corrupt when it is none.
Result<Uuid> current_boot_id();

/// Reads one segment from front to back, whether or not it is still being written.
class SegmentCursor {
 public:
  /// Stands before the first record. Errors: NotFound; Corrupt when its header is damaged or not
  /// there yet; Conflict as above.
  static Result<SegmentCursor> open(const std::filesystem::path& path);

  enum class Found {
    Record,   ///< `record()` holds it
    End,      ///< the segment ends exactly here, so far
    Invalid,  ///< what is here is no whole valid record, so far
  };
  /// Goes over one record. After End and Invalid it stays, and reads the file again next time.
  Result<Found> next();
  const Record& record() const { return record_; }

  const SegmentHeader& header() const { return header_; }
  /// Where the next record begins.
  Position position() const { return at_; }
  std::uint64_t file_offset() const { return offset_; }
  /// Goes back to a place where this cursor stood before.
  void seek(std::uint64_t file_offset, const Position& at);

 private:
  SegmentCursor(UniqueFd fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}
  Result<std::string_view> look_at(std::uint64_t offset, std::size_t size);
  Result<Found> found_no_record();

  UniqueFd fd_;
  std::string name_;
  SegmentHeader header_;
  Record record_;
  std::uint64_t offset_ = kSegmentHeaderSize;
  Position at_;
  std::vector<char> window_;   ///< never shrinks: growing would fill it with zeros
  std::size_t in_window_ = 0;  ///< bytes of the file that it holds, from window_begin_
  std::uint64_t window_begin_ = 0;
};

}  // namespace ostler::journal
