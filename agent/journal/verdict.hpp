// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::journal {

/// Why a job ended. The numbers are the format's.
enum class Cause : std::uint16_t {
  Exited = 0,          ///< the command ended by itself; `exit_status` holds
  Signalled = 1,       ///< the command died of `signal`, sent by nobody of ours
  Cancelled = 2,       ///< somebody cancelled it
  TimedOut = 3,        ///< its time limit passed
  AgentStopped = 4,    ///< the agent (or the machine) was told to stop at once
  LeaseLost = 5,       ///< its lease ended and the policy was to stop
  OutOfMemory = 6,     ///< the kernel killed a process of its control group for lack of memory
  DiskFull = 7,        ///< the journal could not grow for minutes
  WorkerLost = 8,      ///< our worker process died before it could report
  KeeperLost = 9,      ///< our keeper process died; written by the agent
  HostRestarted = 10,  ///< the machine restarted meanwhile; written by the agent
  SetupFailed = 11,    ///< the command never ran: checkout or preparation failed
  PluginCrashed = 12,  ///< the process of the step plugin died of `signal`
};

/// The lower-case name of a cause, as in logs: "worker_lost".
std::string_view to_string(Cause cause);
/// The cause with that number; none if there is none.
std::optional<Cause> cause_of(std::uint16_t number);

/// How a job ended, with what proves it.
struct Verdict {
  Cause cause = Cause::Exited;
  int exit_status = 0;   ///< of the command; -1 when it has none (never ran, died of a signal)
  int signal = 0;        ///< that ended the command; 0 when none did
  std::string evidence;  ///< for people, UTF-8, may be empty, at most kMaxEvidence bytes

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

inline constexpr std::size_t kMaxEvidence = 32u * 1024;

/// Evidence longer than kMaxEvidence is cut.
std::string encode(const Verdict& verdict);
/// Errors: Corrupt when the payload is too short or names an unknown cause.
Result<Verdict> decode_verdict(std::string_view payload);

}  // namespace ostler::journal
