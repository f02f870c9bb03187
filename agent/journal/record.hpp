// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

// The journal of one job: every byte and event that must reach the provider, in an append-only
// file of checked records, cut into segments. docs/journal.md has the format byte by byte.
namespace ostler::journal {

/// What a record says. The numbers are the format's.
enum class RecordType : std::uint16_t {
  Output = 1,      ///< bytes of the job's log, redacted and time-stamped
  PhaseBegin = 2,  ///< a PhaseNote
  PhaseEnd = 3,    ///< a PhaseNote
  Started = 4,     ///< empty; written before the first process of the user
  Event = 5,       ///< an EventNote
  Artifact = 6,    ///< JSON that declares an artifact
  Lease = 7,       ///< a LeaseNote
  Verdict = 8,     ///< a Verdict; the last record of a journal
};

/// A place between records, counted from the beginning of the job.
struct Position {
  std::uint64_t records = 0;  ///< records before it
  std::uint64_t output = 0;   ///< output bytes before it: the offset of log chunks

  friend bool operator==(const Position&, const Position&) = default;
};

/// One record as a reader hands it out.
struct Record {
  RecordType type = RecordType::Output;
  Position at;  ///< where it begins; `at.records` is its sequence number, from 0
  Timestamp time;
  std::string_view payload;  ///< valid until the reader's next call
};

/// Payload of PhaseBegin and PhaseEnd.
struct PhaseNote {
  std::string name;
  std::string json;  ///< may be empty
};
/// Payload of Event.
struct EventNote {
  std::string kind;
  std::string json;
};
/// What a keeper does when its lease ends without renewal.
enum class OnLeaseLost : std::uint8_t { Finish = 0, Stop = 1 };
/// Payload of Lease: written when the first lease arrives, and when one with Stop lapses.
struct LeaseNote {
  std::int64_t until_ns = 0;  ///< of CLOCK_BOOTTIME
  OnLeaseLost on_lost = OnLeaseLost::Finish;
  bool lapsed = false;
};

std::string encode(const PhaseNote& note);
std::string encode(const EventNote& note);
std::string encode(const LeaseNote& note);
/// Errors of all three: Corrupt when the payload is too short or holds an unknown value.
Result<PhaseNote> decode_phase(std::string_view payload);
Result<EventNote> decode_event(std::string_view payload);
Result<LeaseNote> decode_lease(std::string_view payload);

/// A whole line of the job's log that says something of ours: time-stamp code, "ostler: ", `text`
/// and a line end.
std::string notice_line(Timestamp at, std::string_view text);

}  // namespace ostler::journal
