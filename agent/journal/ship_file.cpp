// SPDX-License-Identifier: Apache-2.0
#include "journal/ship_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/byte_codec.hpp"
#include "files/file.hpp"
#include "journal/checksum.hpp"

namespace ostler::journal {
namespace {

constexpr std::string_view kShipMagic = "OSTLERS\n";
constexpr std::uint16_t kMajor = 1;
constexpr std::uint16_t kMinor = 0;
constexpr std::size_t kHeaderSize = 16;
constexpr std::size_t kEntryHeaderSize = 12;
constexpr std::uint64_t kCompactAbove = 1u << 20;
constexpr std::size_t kMaxFile = 256u << 20;

enum class EntryType : std::uint16_t {
  Chunk = 1,
  Acknowledged = 2,
  Id = 3,
  Handled = 4,
  Milestone = 5,
  Next = 6,
};

std::string file_header() {
  ByteWriter bytes;
  bytes.put_raw(kShipMagic);
  bytes.put(kMajor);
  bytes.put(kMinor);
  bytes.put(crc32_of(bytes.bytes()));
  return std::move(bytes).take();
}

/// `u32 size | u16 type | u16 zero | u32 crc of those and the payload | payload`.
std::string frame(EntryType type, const ByteWriter& payload) {
  ByteWriter bytes;
  bytes.put(static_cast<std::uint32_t>(payload.bytes().size()));
  bytes.put(static_cast<std::uint16_t>(type));
  bytes.put(std::uint16_t{0});
  bytes.put(crc32_of(payload.bytes(), crc32_of(bytes.bytes())));
  bytes.put_raw(payload.bytes());
  return std::move(bytes).take();
}

std::string chunk_entry(const Chunk& chunk) {
  ByteWriter payload;
  payload.put(chunk.sequence);
  payload.put(chunk.offset);
  payload.put(chunk.size);
  return frame(EntryType::Chunk, payload);
}

std::string number_entry(EntryType type, std::uint64_t number) {
  ByteWriter payload;
  payload.put(number);
  return frame(type, payload);
}

std::string milestone_entry(Milestone milestone) {
  ByteWriter payload;
  payload.put(static_cast<std::uint8_t>(milestone));
  return frame(EntryType::Milestone, payload);
}

std::string id_entry(std::string_view purpose, std::string_view id) {
  ByteWriter payload;
  payload.put(purpose);
  payload.put(id);
  return frame(EntryType::Id, payload);
}

std::string next_entry(std::uint64_t sequence, std::uint64_t offset) {
  ByteWriter payload;
  payload.put(sequence);
  payload.put(offset);
  return frame(EntryType::Next, payload);
}

void apply_chunk(ShipState& state, ByteReader& reader) {
  Chunk chunk;
  reader.get(chunk.sequence);
  reader.get(chunk.offset);
  reader.get(chunk.size);
  if (!reader.ok()) return;
  state.unacknowledged[chunk.sequence] = chunk;
  state.next_sequence = std::max(state.next_sequence, chunk.sequence + 1);
  state.next_offset = std::max(state.next_offset, chunk.offset + chunk.size);
}

/// Entries of types that a later minor version added are passed over.
void apply(ShipState& state, EntryType type, ByteReader reader) {
  std::uint64_t number = 0;
  std::uint8_t bit = 0;
  std::string purpose;
  switch (type) {
    case EntryType::Chunk: return apply_chunk(state, reader);
    case EntryType::Acknowledged:
      reader.get(number);
      state.unacknowledged.erase(number);
      return;
    case EntryType::Id: reader.get(purpose); return reader.get(state.ids[purpose]);
    case EntryType::Handled: return reader.get(state.handled);
    case EntryType::Milestone:
      reader.get(bit);
      state.milestones = static_cast<std::uint8_t>(state.milestones | (1u << (bit & 7u)));
      return;
    case EntryType::Next: reader.get(state.next_sequence); return reader.get(state.next_offset);
  }
}

/// Applies every whole entry; the bytes that they take.
std::size_t replay(ShipState& state, std::string_view entries) {
  const std::size_t all = entries.size();
  for (;;) {
    std::uint32_t size = 0;
    std::uint16_t type = 0;
    std::uint16_t zero = 0;
    std::uint32_t crc = 0;
    ByteReader reader(entries);
    reader.get(size);
    reader.get(type);
    reader.get(zero);
    reader.get(crc);
    if (!reader.ok() || reader.rest().size() < size) break;
    const std::string_view payload = reader.rest().substr(0, size);
    if (crc32_of(payload, crc32_of(entries.substr(0, 8))) != crc) break;
    apply(state, static_cast<EntryType>(type), ByteReader(payload));
    entries.remove_prefix(kEntryHeaderSize + size);
  }
  return all - entries.size();
}

/// A whole ship file that says the same in as few entries as possible.
std::string snapshot(const ShipState& state) {
  std::string file = file_header();
  for (const auto& [sequence, chunk] : state.unacknowledged) file += chunk_entry(chunk);
  file += next_entry(state.next_sequence, state.next_offset);
  file += number_entry(EntryType::Handled, state.handled);
  for (const auto& [purpose, id] : state.ids) file += id_entry(purpose, id);
  for (const auto milestone : {Milestone::StartSent, Milestone::StartAcknowledged,
                               Milestone::FinishSent, Milestone::FinishAcknowledged}) {
    if (state.has(milestone)) file += milestone_entry(milestone);
  }
  return file;
}

Result<void> check_header(std::string_view content, const std::filesystem::path& path) {
  std::uint16_t major = 0;
  std::uint32_t crc = 0;
  ByteReader(content.substr(kShipMagic.size())).get(major);
  ByteReader(content.substr(kHeaderSize - sizeof crc)).get(crc);
  if (!content.starts_with(kShipMagic) ||
      crc != crc32_of(content.substr(0, kHeaderSize - sizeof crc))) {
    return Error(Errc::Corrupt, path.string() + " is not a ship file");
  }
  if (major > kMajor) {
    return Error(Errc::Conflict, path.string() + " has format " + std::to_string(major) +
                                     ", newer than this program's " + std::to_string(kMajor) +
                                     "; run a newer ostler");
  }
  return success();
}

}  // namespace

Position ShipState::done() const {
  if (unacknowledged.empty()) return {handled, next_offset};
  return {handled, std::min(next_offset, unacknowledged.begin()->second.offset)};
}

Result<ShipFile> ShipFile::open(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return Error::from_errno(errno, "open " + path.string());
  ShipFile file(path, std::move(fd));
  OSTLER_TRY(file.load());
  return file;
}

Result<void> ShipFile::load() {
  OSTLER_TRY(const std::string content, files::read_file(path_, kMaxFile));
  compact_at_ = kCompactAbove;
  if (content.size() < kHeaderSize) return append(file_header());  // an opener died here before
  OSTLER_TRY(check_header(content, path_));
  size_ = kHeaderSize + replay(state_, std::string_view(content).substr(kHeaderSize));
  if (::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0) {
    return Error::from_errno(errno, "cut the torn end of " + path_.string());
  }
  return success();
}

Result<void> ShipFile::append(std::string_view bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t wrote = ::pwrite(fd_.get(), bytes.data() + written, bytes.size() - written,
                                   static_cast<off_t>(size_ + written));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return Error::from_errno(errno, "write " + path_.string());
    written += static_cast<std::size_t>(wrote);
  }
  size_ += written;
  return success();
}

/// Appends an entry, then takes it over. The file is rewritten when most of it is history.
Result<void> ShipFile::record_entry(const std::string& entry) {
  if (size_ > compact_at_) {
    OSTLER_TRY(compact());
  }
  OSTLER_TRY(append(entry));
  replay(state_, entry);
  return success();
}

Result<void> ShipFile::compact() {
  const std::string file = snapshot(state_);
  OSTLER_TRY(files::write_file_atomically(path_, file));
  UniqueFd fd(::open(path_.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) return Error::from_errno(errno, "open " + path_.string());
  fd_ = std::move(fd);
  size_ = file.size();
  compact_at_ = std::max(kCompactAbove, 2 * size_);
  return success();
}

Result<Chunk> ShipFile::record_chunk(std::uint64_t size) {
  return record_chunk_at(state_.next_offset, size);
}

Result<Chunk> ShipFile::record_chunk_at(std::uint64_t offset, std::uint64_t size) {
  if (offset < state_.next_offset) {
    return Error(Errc::Conflict, "chunk at output byte " + std::to_string(offset) +
                                     " overlaps the one before it in " + path_.string());
  }
  const Chunk chunk{state_.next_sequence, offset, size};
  OSTLER_TRY(record_entry(chunk_entry(chunk)));
  return chunk;
}

Result<void> ShipFile::acknowledge(std::uint64_t sequence) {
  if (!state_.unacknowledged.contains(sequence)) {
    return Error(Errc::NotFound, "no chunk " + std::to_string(sequence) +
                                     " waits for an acknowledgement in " + path_.string());
  }
  return record_entry(number_entry(EntryType::Acknowledged, sequence));
}

Result<void> ShipFile::record_id(std::string_view purpose, std::string_view id) {
  return record_entry(id_entry(purpose, id));
}

Result<void> ShipFile::record_handled(std::uint64_t records) {
  return record_entry(number_entry(EntryType::Handled, records));
}

Result<void> ShipFile::record(Milestone milestone) {
  return record_entry(milestone_entry(milestone));
}

Result<void> ShipFile::sync() {
  if (::fdatasync(fd_.get()) != 0) return Error::from_errno(errno, "sync " + path_.string());
  return success();
}

}  // namespace ostler::journal
