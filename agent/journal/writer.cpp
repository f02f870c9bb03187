// SPDX-License-Identifier: Apache-2.0
#include "journal/writer.hpp"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "base/assert.hpp"
#include "files/file.hpp"
#include "journal/segment.hpp"

namespace ostler::journal {
namespace {

constexpr std::uint64_t kLeastGrowth = 64u << 10;
constexpr std::uint64_t kGrowthStep = 1u << 20;
constexpr std::size_t kMaxUnsyncedSegments = 8;
constexpr std::uint64_t kNoReserve = std::numeric_limits<std::uint64_t>::max();

/// Takes `wrote` bytes off the front of the buffers that are still to write.
void advance(std::span<iovec>& buffers, std::size_t wrote) {
  while (!buffers.empty() && wrote >= buffers.front().iov_len) {
    wrote -= buffers.front().iov_len;
    buffers = buffers.subspan(1);
  }
  if (buffers.empty()) return;
  buffers.front().iov_base = static_cast<char*>(buffers.front().iov_base) + wrote;
  buffers.front().iov_len -= wrote;
}

/// Writes all buffers at `offset`; the error number, 0 when all went well.
int write_buffers(int fd, std::span<iovec> buffers, std::uint64_t offset) {
  while (!buffers.empty()) {
    const ssize_t wrote =
        ::pwritev(fd, buffers.data(), static_cast<int>(buffers.size()), static_cast<off_t>(offset));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return errno;
    offset += static_cast<std::uint64_t>(wrote);
    advance(buffers, static_cast<std::size_t>(wrote));
  }
  return 0;
}

int allocate(int fd, std::uint64_t from, std::uint64_t to) {
  int result = 0;
  do {
    result = ::fallocate(fd, FALLOC_FL_KEEP_SIZE, static_cast<off_t>(from),
                         static_cast<off_t>(to - from));
  } while (result != 0 && errno == EINTR);
  return result == 0 ? 0 : errno;
}

Error disk_error(int number, const std::filesystem::path& path) {
  if (number != ENOSPC && number != EDQUOT) {
    return Error::from_errno(number, "write " + path.string());
  }
  return Error(Errc::Unavailable, "no space left for " + path.string())
      .with_native(number)
      .with_retryable(true);
}

Result<UniqueFd> open_segment(const std::filesystem::path& path, int flags) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, 0600));
  if (!fd) return disk_error(errno, path);
  return fd;
}

Result<void> sync_fd(int fd, const std::filesystem::path& directory) {
  if (::fdatasync(fd) == 0) return success();
  return Error::from_errno(errno, "sync the journal in " + directory.string());
}

std::uint64_t size_of(std::span<const Entry> entries) {
  std::uint64_t size = 0;
  for (const Entry& entry : entries) size += kRecordHeaderSize + entry.payload.size();
  return size;
}

}  // namespace

Writer::Writer(std::filesystem::path directory, const Clock& clock, const WriterOptions& options)
    : directory_(std::move(directory)), clock_(&clock), options_(options) {}

Writer::~Writer() {
  if (segment_.fd) give_back_space();
}

Result<Writer> Writer::open(const std::filesystem::path& directory, const Clock& clock,
                            const WriterOptions& options) {
  Writer writer(directory, clock, options);
  OSTLER_TRY(const auto numbers, list_segments(directory));
  OSTLER_TRY(writer.continue_last(numbers));
  if (!writer.segment_.fd) {
    writer.end_.output = options.minimum_output;
    OSTLER_TRY(writer.boot_id_, current_boot_id());
    OSTLER_TRY(writer.segment_, writer.make_segment(1, writer.boot_id_));
  } else if (writer.end_.output < options.minimum_output && !writer.verdict_) {
    writer.end_.output = options.minimum_output;
    OSTLER_TRY(writer.roll());
  }
  return writer;
}

/// Goes on in the newest segment that has a whole header. One without is what a writer left that
/// died while it began it: nothing can be in it.
Result<void> Writer::continue_last(std::span<const std::uint64_t> numbers) {
  for (std::size_t i = numbers.size(); i-- > 0;) {
    const auto path = segment_path(directory_, numbers[i]);
    auto cursor = SegmentCursor::open(path);
    if (cursor) return continue_in(cursor.value());
    const bool may_remove = i + 1 == numbers.size() && (i > 0 || numbers[i] == 1);
    if (cursor.error().code() != Errc::Corrupt || !may_remove) return std::move(cursor).error();
    if (::unlink(path.c_str()) != 0) return Error::from_errno(errno, "remove " + path.string());
  }
  return success();
}

Result<void> Writer::continue_in(SegmentCursor& cursor) {
  for (;;) {
    OSTLER_TRY(const auto found, cursor.next());
    if (found != SegmentCursor::Found::Record) break;
    if (cursor.record().type != RecordType::Verdict) continue;
    OSTLER_TRY(verdict_, decode_verdict(cursor.record().payload));
  }
  const auto path = segment_path(directory_, cursor.header().number);
  OSTLER_TRY(segment_.fd, open_segment(path, 0));
  segment_.number = cursor.header().number;
  segment_.size = segment_.allocated = cursor.file_offset();
  end_ = cursor.position();
  boot_id_ = cursor.header().boot_id;
  if (::ftruncate(segment_.fd.get(), static_cast<off_t>(segment_.size)) != 0) {
    return Error::from_errno(errno, "cut the torn end of " + path.string());
  }
  return success();
}

Result<Writer::Segment> Writer::make_segment(std::uint64_t number, const Uuid& boot_id) {
  const auto path = segment_path(directory_, number);
  Segment fresh;
  fresh.number = number;
  OSTLER_TRY(fresh.fd, open_segment(path, O_CREAT | O_EXCL));
  const std::string header = encode(SegmentHeader{number, end_, boot_id});
  auto made = reserve(fresh, header.size());
  if (made) made = files::write_all(fresh.fd.get(), header);
  if (!made) {
    ::unlink(path.c_str());
    return std::move(made).error();
  }
  fresh.size = header.size();
  dirty_ = directory_dirty_ = true;
  return fresh;
}

/// Goes on in a new segment; the old one is synced with it.
Result<void> Writer::roll() {
  OSTLER_TRY(const Uuid boot_id, current_boot_id());
  OSTLER_TRY(auto fresh, make_segment(segment_.number + 1, boot_id));
  give_back_space();
  unsynced_.push_back(std::move(segment_.fd));
  segment_ = std::move(fresh);
  return unsynced_.size() > kMaxUnsyncedSegments ? sync() : success();
}

/// Cutting a file at its own size frees what was allocated behind it. When that fails the space
/// stays taken until the file goes.
void Writer::give_back_space() {
  if (::ftruncate(segment_.fd.get(), static_cast<off_t>(segment_.size)) == 0) {
    segment_.allocated = segment_.size;
  }
}

/// Makes sure that the disk has room for `growth` bytes and still the verdict after them.
Result<void> Writer::reserve(Segment& segment, std::uint64_t growth) const {
  const std::uint64_t needed = segment.size + growth + kVerdictReserve;
  if (needed <= segment.allocated) return success();
  std::uint64_t reached = needed + std::clamp(segment.size, kLeastGrowth, kGrowthStep);
  int number = allocate(segment.fd.get(), segment.allocated, reached);
  if (number == ENOSPC || number == EDQUOT) {
    reached = needed;
    number = allocate(segment.fd.get(), segment.allocated, reached);
  }
  if (number == EOPNOTSUPP || number == ENOSYS) {
    segment.allocated = kNoReserve;  // this file system cannot promise space
    return success();
  }
  if (number != 0) return disk_error(number, segment_path(directory_, segment.number));
  segment.allocated = reached;
  return success();
}

Result<void> Writer::write(std::span<const Entry> entries) {
  std::vector<std::array<char, kRecordHeaderSize>> headers(entries.size());
  std::vector<iovec> buffers;
  buffers.reserve(2 * entries.size());
  const Timestamp now = clock_->now();
  Position end = end_;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& [type, payload] = entries[i];
    headers[i] = encode_record_header(type, end.records++, now, payload);
    if (type == RecordType::Output) end.output += payload.size();
    buffers.push_back({headers[i].data(), headers[i].size()});
    if (!payload.empty()) buffers.push_back({const_cast<char*>(payload.data()), payload.size()});
  }
  const int number = write_buffers(segment_.fd.get(), buffers, segment_.size);
  if (number != 0) {
    give_back_space();  // and the part that was written
    return disk_error(number, segment_path(directory_, segment_.number));
  }
  segment_.size += size_of(entries);
  end_ = end;
  dirty_ = true;
  return success();
}

Result<void> Writer::append(std::span<const Entry> entries) {
  OSTLER_ASSERT(!verdict_ && entries.size() <= kMaxEntries);
  for (const Entry& entry : entries) OSTLER_ASSERT(entry.payload.size() <= kMaxPayload);
  if (segment_.size >= options_.segment_size) {
    OSTLER_TRY(roll());
  }
  OSTLER_TRY(reserve(segment_, size_of(entries)));
  return write(entries);
}

Result<void> Writer::append(RecordType type, std::string_view payload) {
  const Entry entry{type, payload};
  return append(std::span(&entry, 1));
}

Result<void> Writer::append_verdict(const Verdict& verdict) {
  OSTLER_ASSERT(!verdict_);
  const std::string payload = encode(verdict);
  const Entry entry{RecordType::Verdict, payload};
  // The room for it is set aside already, unless the file system cannot do that.
  OSTLER_TRY(write(std::span(&entry, 1)));
  verdict_ = verdict;
  return success();
}

Result<void> Writer::sync() {
  if (!dirty_) return success();
  for (const UniqueFd& fd : unsynced_) {
    OSTLER_TRY(sync_fd(fd.get(), directory_));
  }
  unsynced_.clear();
  OSTLER_TRY(sync_fd(segment_.fd.get(), directory_));
  if (directory_dirty_) {
    const UniqueFd fd(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    OSTLER_TRY(sync_fd(fd.get(), directory_));
  }
  dirty_ = directory_dirty_ = false;
  return success();
}

}  // namespace ostler::journal
