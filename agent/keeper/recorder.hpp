// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "journal/writer.hpp"
#include "keeper/cancel_plan.hpp"

namespace ostler::keeper {

/// Brings records into the journal in batches, waits out a full disk, and syncs once a second.
class Recorder {
 public:
  Recorder(journal::Writer writer, const Clock& clock)
      : writer_(std::move(writer)), clock_(&clock) {}

  /// Takes a record whose payload stays valid until it is written: until flush() has returned and
  /// is_blocked() is false. Requires: not blocked.
  Result<void> add(journal::RecordType type, std::string_view payload);
  /// Takes a record of the keeper's own; possible at any time.
  void add_own(journal::RecordType type, std::string payload);
  /// Writes what was added. A full disk is no error: then is_blocked().
  Result<void> flush();
  /// Tries again when it is time, and syncs when it is time. Errors: those of the journal.
  Result<void> advance(BootTime now);
  /// When advance has something to do next.
  std::optional<BootTime> next() const;

  bool is_blocked() const { return blocked_since_.has_value(); }
  /// Since when the disk has been full.
  std::optional<BootTime> blocked_since() const { return blocked_since_; }
  journal::Position end() const { return writer_.end(); }

  /// Drops what could not be written and appends the verdict.
  Result<void> conclude(const journal::Verdict& verdict, std::string_view notice);
  Result<void> sync() { return writer_.sync(); }

 private:
  Result<void> write_out();

  journal::Writer writer_;
  const Clock* clock_;
  std::vector<journal::Entry> entries_;
  std::deque<std::string> own_;  ///< payloads of entries of the keeper's own
  std::optional<BootTime> blocked_since_;
  BootTime retry_at_{};
  std::optional<BootTime> sync_at_;
};

}  // namespace ostler::keeper
