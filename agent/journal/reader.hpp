// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "journal/record.hpp"

namespace ostler::journal {

/// Reads the journal in one directory, also while another process writes it. Memory stays flat
/// whatever its size. Runs on: one thread.
class Reader {
 public:
  /// Stands before the oldest record that is still there. The journal may not exist yet: then it
  /// is empty. Errors: Denied and others from the file system.
  static Result<Reader> open(const std::filesystem::path& directory);

  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  /// The next whole record; none when there is none yet: ask again after the writer wrote.
  /// Errors: Corrupt when a record is damaged that is not the torn end of the last segment (the
  /// message names file and offset); Conflict when a segment has a newer major version.
  /// After an error the reader stays where it is.
  Result<std::optional<Record>> next();

  /// Where next() stands: the position of the record that it will give.
  Position position() const;

  /// Exactly the output bytes [offset, offset + size), in any order of calls.
  /// Errors: NotFound when they are not (or no longer) in the journal; Corrupt.
  /// Requires: size at most kMaxPayload.
  Result<std::string> read_output(std::uint64_t offset, std::size_t size);

  /// Removes the segments that lie wholly before `done`, never the last one: their records and
  /// output are needed no more. Errors: those of unlink.
  Result<void> drop_before(const Position& done);

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ostler::journal
