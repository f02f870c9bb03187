// SPDX-License-Identifier: Apache-2.0
#include "journal/segment.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>

#include "base/byte_codec.hpp"
#include "files/file.hpp"
#include "journal/checksum.hpp"
#include "journal/writer.hpp"

namespace ostler::journal {
namespace {

constexpr std::string_view kSegmentMagic = "OSTLERJ\n";
constexpr std::string_view kPrefix = "journal.";
constexpr std::size_t kWindow = 64u * 1024;
constexpr std::size_t kChecked = kRecordHeaderSize - sizeof(std::uint32_t);

struct RecordHeader {
  std::uint32_t length = 0;
  std::uint16_t type = 0;
  std::uint16_t zero = 0;
  std::uint64_t sequence = 0;
  std::int64_t time = 0;
  std::uint32_t crc = 0;
};

RecordHeader read_record_header(std::string_view bytes) {
  RecordHeader header;
  ByteReader reader(bytes);
  reader.get(header.length);
  reader.get(header.type);
  reader.get(header.zero);
  reader.get(header.sequence);
  reader.get(header.time);
  reader.get(header.crc);
  return header;
}

/// The number in "journal.000001"; 0 for any other name.
std::uint64_t segment_number(std::string_view name) {
  if (!name.starts_with(kPrefix)) return 0;
  name.remove_prefix(kPrefix.size());
  std::uint64_t number = 0;
  const auto [end, ec] = std::from_chars(name.data(), name.data() + name.size(), number);
  return ec == std::errc() && end == name.data() + name.size() && name.size() >= 6 ? number : 0;
}

}  // namespace

std::string encode(const SegmentHeader& header) {
  ByteWriter bytes;
  bytes.put_raw(kSegmentMagic);
  bytes.put(kFormatMajor);
  bytes.put(kFormatMinor);
  bytes.put(static_cast<std::uint32_t>(kSegmentHeaderSize));
  bytes.put(header.number);
  bytes.put(header.begin.records);
  bytes.put(header.begin.output);
  for (const std::uint8_t byte : header.boot_id.bytes) bytes.put(byte);
  bytes.put(std::uint32_t{0});
  bytes.put(crc32_of(bytes.bytes()));
  return std::move(bytes).take();
}

Result<SegmentHeader> decode_segment_header(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderSize || !bytes.starts_with(kSegmentMagic)) {
    return Error(Errc::Corrupt, "no journal segment begins here");
  }
  std::uint16_t major = 0;
  std::uint16_t minor = 0;
  std::uint32_t size = 0;
  std::uint32_t zero = 0;
  std::uint32_t crc = 0;
  SegmentHeader header;
  ByteReader reader(bytes.substr(kSegmentMagic.size()));
  reader.get(major);
  reader.get(minor);
  if (major > kFormatMajor) {
    return Error(Errc::Conflict, "journal format " + std::to_string(major) + "." +
                                     std::to_string(minor) + " is newer than this program's " +
                                     std::to_string(kFormatMajor) + "; run a newer ostler");
  }
  reader.get(size);
  reader.get(header.number);
  reader.get(header.begin.records);
  reader.get(header.begin.output);
  for (std::uint8_t& byte : header.boot_id.bytes) reader.get(byte);
  reader.get(zero);
  reader.get(crc);
  const std::string_view checked = bytes.substr(0, kSegmentHeaderSize - sizeof crc);
  if (major == 0 || size != kSegmentHeaderSize || crc != crc32_of(checked)) {
    return Error(Errc::Corrupt, "the header of the journal segment is damaged");
  }
  return header;
}

std::array<char, kRecordHeaderSize> encode_record_header(RecordType type, std::uint64_t sequence,
                                                         Timestamp time, std::string_view payload) {
  ByteWriter bytes;
  bytes.put(static_cast<std::uint32_t>(payload.size()));
  bytes.put(static_cast<std::uint16_t>(type));
  bytes.put(std::uint16_t{0});
  bytes.put(sequence);
  bytes.put(time.micros);
  bytes.put(crc32_of(payload, crc32_of(bytes.bytes())));
  std::array<char, kRecordHeaderSize> header{};
  std::copy_n(bytes.bytes().begin(), header.size(), header.begin());
  return header;
}

std::filesystem::path segment_path(const std::filesystem::path& directory, std::uint64_t number) {
  std::array<char, 32> digits{};
  std::snprintf(digits.data(), digits.size(), "%06llu", static_cast<unsigned long long>(number));
  return directory / (std::string(kPrefix) + digits.data());
}

Result<std::vector<std::uint64_t>> list_segments(const std::filesystem::path& directory) {
  struct Close {
    void operator()(DIR* open) const { ::closedir(open); }
  };
  const std::unique_ptr<DIR, Close> open(::opendir(directory.c_str()));
  std::vector<std::uint64_t> numbers;
  if (!open) {
    if (errno == ENOENT) return numbers;
    return Error::from_errno(errno, "list " + directory.string());
  }
  while (const dirent* entry = ::readdir(open.get())) {
    if (const std::uint64_t number = segment_number(entry->d_name)) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<void> sync_segments(const std::filesystem::path& directory) {
  OSTLER_TRY(const auto numbers, list_segments(directory));
  for (const std::uint64_t number : numbers) {
    const auto path = segment_path(directory, number);
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd && errno == ENOENT) continue;  // shipped and dropped meanwhile
    if (!fd || ::fdatasync(fd.get()) != 0) return Error::from_errno(errno, "sync " + path.string());
  }
  return files::sync_directory(directory);
}

Result<Uuid> current_boot_id() {
  const char* const place = "/proc/sys/kernel/random/boot_id";
  OSTLER_TRY(const std::string text, files::read_file(place, 64));
  const auto id = Uuid::parse(std::string_view(text).substr(0, 36));
  if (!id) return Error(Errc::Corrupt, std::string(place) + " holds no UUID");
  return *id;
}

Result<SegmentCursor> SegmentCursor::open(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return Error::from_errno(errno, "open " + path.string());
  SegmentCursor cursor(std::move(fd), path.string());
  OSTLER_TRY(auto bytes, cursor.look_at(0, kSegmentHeaderSize));
  auto header = decode_segment_header(bytes);
  if (!header) return std::move(header).error().with_context(path.string());
  cursor.header_ = header.value();
  cursor.at_ = header.value().begin;
  return cursor;
}

/// Up to `size` bytes of the file at `offset`; fewer when it ends before.
Result<std::string_view> SegmentCursor::look_at(std::uint64_t offset, std::size_t size) {
  const std::uint64_t window_end = window_begin_ + in_window_;
  if (offset < window_begin_ || offset + size > window_end) {
    if (window_.size() < std::max(size, kWindow)) window_.resize(std::max(size, kWindow));
    in_window_ = 0;
    ssize_t got = 0;
    do {
      got = ::pread(fd_.get(), window_.data(), window_.size(), static_cast<off_t>(offset));
    } while (got < 0 && errno == EINTR);
    if (got < 0) return Error::from_errno(errno, "read " + name_);
    in_window_ = static_cast<std::size_t>(got);
    window_begin_ = offset;
  }
  return std::string_view(window_.data(), in_window_).substr(offset - window_begin_, size);
}

/// Tells the clean end from a damaged one, and forgets what was read: it may yet become a record.
Result<SegmentCursor::Found> SegmentCursor::found_no_record() {
  in_window_ = 0;
  OSTLER_TRY(auto bytes, look_at(offset_, 1));
  const bool ended = bytes.empty();
  in_window_ = 0;
  return ended ? Found::End : Found::Invalid;
}

Result<SegmentCursor::Found> SegmentCursor::next() {
  OSTLER_TRY(auto head, look_at(offset_, kRecordHeaderSize));
  if (head.size() < kRecordHeaderSize) return found_no_record();
  const RecordHeader header = read_record_header(head);
  const bool is_sane = header.length <= kMaxPayload && header.type != 0 && header.zero == 0 &&
                       header.sequence == at_.records;
  if (!is_sane) return found_no_record();
  const std::size_t size = kRecordHeaderSize + header.length;
  OSTLER_TRY(auto whole, look_at(offset_, size));
  if (whole.size() < size) return found_no_record();
  const std::string_view payload = whole.substr(kRecordHeaderSize);
  if (crc32_of(payload, crc32_of(whole.substr(0, kChecked))) != header.crc)
    return found_no_record();

  record_ = {static_cast<RecordType>(header.type), at_, Timestamp{header.time}, payload};
  offset_ += size;
  ++at_.records;
  if (record_.type == RecordType::Output) at_.output += header.length;
  return Found::Record;
}

void SegmentCursor::seek(std::uint64_t file_offset, const Position& at) {
  offset_ = file_offset;
  at_ = at;
}

}  // namespace ostler::journal
