// SPDX-License-Identifier: Apache-2.0
#include "journal/cursor.hpp"

#include <unistd.h>

#include <cerrno>

#include "base/assert.hpp"

namespace ostler::journal {
namespace {

bool is_known(RecordType type) { return type <= RecordType::Verdict; }

}  // namespace

Result<std::optional<Record>> Cursor::next() {
  if (!segment_) {
    OSTLER_TRY(const bool entered, enter_oldest());
    if (!entered) return std::nullopt;
  }
  for (;;) {
    OSTLER_TRY(auto found, segment_->next());
    if (found != SegmentCursor::Found::Record) {
      OSTLER_TRY(const bool last, is_last(segment_->header().number));
      if (last) return std::nullopt;
      // The following segment came after the first look, so this one is complete only now.
      OSTLER_TRY(found, segment_->next());
      if (found == SegmentCursor::Found::Invalid) return damaged();
      if (found == SegmentCursor::Found::End) {
        OSTLER_TRY(const bool entered, enter_following());
        if (!entered) return std::nullopt;
        continue;
      }
    }
    if (is_known(segment_->record().type)) return segment_->record();
  }
}

Result<void> Cursor::seek_output(std::uint64_t offset) {
  OSTLER_TRY(const auto numbers, list_segments(directory_));
  segment_.reset();
  for (std::size_t i = numbers.size(); i-- > 0;) {
    OSTLER_TRY(const bool entered, enter(numbers[i]));
    if (entered && segment_->header().begin.output <= offset) break;
  }
  return success();
}

Cursor::Mark Cursor::mark() const {
  if (!segment_) return {};
  return {segment_->header().number, segment_->file_offset(), segment_->position()};
}

void Cursor::return_to(const Mark& place) {
  OSTLER_ASSERT(segment_ && segment_->header().number == place.segment);
  segment_->seek(place.file_offset, place.at);
}

/// Opens a segment; false when it has no whole header yet, which only the last may lack.
Result<bool> Cursor::enter(std::uint64_t number) {
  auto opened = SegmentCursor::open(segment_path(directory_, number));
  if (opened) {
    segment_ = std::move(opened).value();
    return true;
  }
  if (opened.error().code() != Errc::Corrupt) return std::move(opened).error();
  OSTLER_TRY(const bool last, is_last(number));
  if (last) return false;
  return std::move(opened).error();
}

Result<bool> Cursor::enter_oldest() {
  OSTLER_TRY(const auto numbers, list_segments(directory_));
  if (numbers.empty()) return false;
  return enter(numbers.front());
}

Result<bool> Cursor::enter_following() {
  const Position end = segment_->position();
  OSTLER_TRY(const bool entered, enter(segment_->header().number + 1));
  if (!entered) return false;
  const Position begin = segment_->header().begin;
  if (begin.records != end.records || begin.output < end.output) return damaged();
  return true;
}

Result<bool> Cursor::is_last(std::uint64_t number) const {
  const auto following = segment_path(directory_, number + 1);
  if (::access(following.c_str(), F_OK) == 0) return false;
  if (errno != ENOENT) return Error::from_errno(errno, "look for " + following.string());
  return true;
}

Error Cursor::damaged() const {
  return Error(Errc::Corrupt,
               segment_path(directory_, segment_->header().number).string() +
                   " is damaged at byte " + std::to_string(segment_->file_offset()) +
                   ", before the journal's end; what follows is kept but cannot be read");
}

}  // namespace ostler::journal
