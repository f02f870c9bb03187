// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "journal/record.hpp"

namespace ostler::journal {

/// One piece of the log as it is sent: fixed before the first attempt, the same in every other.
struct Chunk {
  std::uint64_t sequence = 0;
  std::uint64_t offset = 0;  ///< in output bytes
  std::uint64_t size = 0;

  friend bool operator==(const Chunk&, const Chunk&) = default;
};

/// Steps of a job's reports that happen once. The numbers are the format's.
enum class Milestone : std::uint8_t {
  StartSent = 1,
  StartAcknowledged = 2,
  FinishSent = 3,
  FinishAcknowledged = 4,
};

/// What a ship file says.
struct ShipState {
  std::map<std::uint64_t, Chunk> unacknowledged;  ///< by sequence
  std::uint64_t next_sequence = 1;                ///< of the next chunk; the first has 1
  std::uint64_t next_offset = 0;                  ///< where the next chunk begins
  std::uint64_t handled = 0;  ///< journal records before it need nothing more but their output
  std::map<std::string, std::string, std::less<>> ids;  ///< batch ids and upload uuids, by purpose
  std::uint8_t milestones = 0;                          ///< bit n is Milestone n

  bool has(Milestone milestone) const { return (milestones >> static_cast<int>(milestone)) & 1; }
  /// Everything before it is acknowledged and handled: what drop_before may take.
  Position done() const;
};

/// The agent's own record of what it cut, sent and saw acknowledged from one journal. Every call
/// that records is on the page cache when it returns, so it survives the agent's death; a torn end
/// is cut when the file is opened. Runs on: one thread. docs/journal.md has the format.
class ShipFile {
 public:
  /// Opens or makes the file (mode 0600). Errors: Conflict when it is of a newer major version;
  /// Corrupt when it is no ship file.
  static Result<ShipFile> open(const std::filesystem::path& path);

  const ShipState& state() const { return state_; }

  /// Cuts the next chunk: `size` bytes from `state().next_offset`. Call before sending it.
  Result<Chunk> record_chunk(std::uint64_t size);
  /// The same beginning at `offset`, which is not before `state().next_offset`: the bytes between
  /// are not in the journal.
  Result<Chunk> record_chunk_at(std::uint64_t offset, std::uint64_t size);
  /// Errors: NotFound when no such chunk waits.
  Result<void> acknowledge(std::uint64_t sequence);
  /// Stores an id before its first use; the same purpose again replaces it.
  Result<void> record_id(std::string_view purpose, std::string_view id);
  /// Says that the journal's records before `records` are handled.
  Result<void> record_handled(std::uint64_t records);
  Result<void> record(Milestone milestone);
  /// Brings the file to the disk.
  Result<void> sync();

 private:
  ShipFile(std::filesystem::path path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
  Result<void> load();
  Result<void> append(std::string_view bytes);
  Result<void> record_entry(const std::string& entry);
  Result<void> compact();

  std::filesystem::path path_;
  UniqueFd fd_;
  std::uint64_t size_ = 0;
  std::uint64_t compact_at_ = 0;
  ShipState state_;
};

}  // namespace ostler::journal
