// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/result.hpp"
#include "journal/segment.hpp"

namespace ostler::journal {

/// Goes over the records of a journal, from segment to segment.
class Cursor {
 public:
  explicit Cursor(std::filesystem::path directory) : directory_(std::move(directory)) {}

  /// As Reader::next.
  Result<std::optional<Record>> next();
  /// Goes to the segment that holds the output byte at `offset`, before its first record; to the
  /// oldest one when all begin after it.
  Result<void> seek_output(std::uint64_t offset);

  /// A place to come back to.
  struct Mark {
    std::uint64_t segment = 0;  ///< 0: before everything
    std::uint64_t file_offset = 0;
    Position at;
  };
  Mark mark() const;
  /// Goes back to a mark in the present segment. Requires: `mark().segment == place.segment`.
  void return_to(const Mark& place);

 private:
  Result<bool> enter(std::uint64_t number);
  Result<bool> enter_oldest();
  Result<bool> enter_following();
  Result<bool> is_last(std::uint64_t number) const;
  Error damaged() const;

  std::filesystem::path directory_;
  std::optional<SegmentCursor> segment_;
};

}  // namespace ostler::journal
