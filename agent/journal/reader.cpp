// SPDX-License-Identifier: Apache-2.0
#include "journal/reader.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/assert.hpp"
#include "journal/cursor.hpp"
#include "journal/writer.hpp"

namespace ostler::journal {

struct Reader::State {
  explicit State(const std::filesystem::path& place)
      : directory(place), tail(place), output(place) {}

  std::filesystem::path directory;
  Cursor tail;    ///< of next()
  Cursor output;  ///< of read_output(), kept where the last call ended: calls mostly ascend
};

namespace {

Error not_there(std::uint64_t offset, std::size_t size) {
  return Error(Errc::NotFound, "the journal does not hold output bytes " + std::to_string(offset) +
                                   " to " + std::to_string(offset + size));
}

/// Appends what an output record has of [offset + bytes.size(), offset + size); false when the
/// record begins after the byte that is wanted next.
bool take_output(const Record& record, std::uint64_t offset, std::size_t size, std::string& bytes) {
  if (record.type != RecordType::Output) return true;
  const std::uint64_t wanted = offset + bytes.size();
  if (record.at.output > wanted) return false;
  const std::uint64_t skip = wanted - record.at.output;
  if (skip < record.payload.size()) {
    bytes.append(record.payload.substr(skip, size - bytes.size()));
  }
  return true;
}

}  // namespace

Result<Reader> Reader::open(const std::filesystem::path& directory) {
  struct stat found{};
  if (::stat(directory.c_str(), &found) != 0) {
    return Error::from_errno(errno, "open the journal in " + directory.string());
  }
  return Reader(std::make_unique<State>(directory));
}

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<std::optional<Record>> Reader::next() { return state_->tail.next(); }

Position Reader::position() const { return state_->tail.mark().at; }

Result<std::string> Reader::read_output(std::uint64_t offset, std::size_t size) {
  OSTLER_ASSERT(size <= kMaxPayload);
  Cursor& cursor = state_->output;
  if (cursor.mark().segment == 0 || cursor.mark().at.output > offset) {
    OSTLER_TRY(cursor.seek_output(offset));
  }
  std::string bytes;
  bytes.reserve(size);
  while (bytes.size() < size) {
    const Cursor::Mark before = cursor.mark();
    OSTLER_TRY(const auto record, cursor.next());
    if (!record || !take_output(*record, offset, size, bytes)) return not_there(offset, size);
    const bool has_more = cursor.mark().at.output > offset + size;
    if (has_more && cursor.mark().segment == before.segment) cursor.return_to(before);
  }
  return bytes;
}

Result<void> Reader::drop_before(const Position& done) {
  OSTLER_TRY(const auto numbers, list_segments(state_->directory));
  for (std::size_t i = 0; i + 1 < numbers.size(); ++i) {
    const auto following = SegmentCursor::open(segment_path(state_->directory, numbers[i + 1]));
    if (!following) return success();
    const Position end = following.value().header().begin;
    if (end.records > done.records || end.output > done.output) return success();
    const auto path = segment_path(state_->directory, numbers[i]);
    if (::unlink(path.c_str()) != 0) return Error::from_errno(errno, "remove " + path.string());
  }
  return success();
}

}  // namespace ostler::journal
