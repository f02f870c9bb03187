// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "journal/verdict.hpp"

namespace ostler::supervise {

struct LostKeeperOptions {
  std::string job_id;  ///< as in BUILDKITE_JOB_ID of the job's processes
  /// Output bytes that were already sent (ShipState::next_offset): lines that are added come after.
  std::uint64_t shipped_output = 0;
  std::chrono::milliseconds kill_timeout{5000};
};

/// What was found, and done, for a job without a keeper.
struct LostKeeper {
  journal::Verdict verdict;
  bool started = false;      ///< a process of the user may have run: never run the job again
  bool had_verdict = false;  ///< the keeper had finished its work; nothing was added
};

/// Concludes a job whose keeper is gone: takes the job's lock, kills what is left of its process
/// tree (its control group, which is removed, and the processes that carry the job's id in their
/// environment), cuts a torn end off the journal, and appends a line of explanation and the verdict
/// keeper lost, or host restarted. Blocks up to twice the kill timeout: not on an io thread.
/// Errors: Conflict when a keeper holds the lock, that is, lives; Corrupt; those of the journal.
Result<LostKeeper> conclude_lost_keeper(const std::filesystem::path& job_directory,
                                        const Clock& clock, const LostKeeperOptions& options);

}  // namespace ostler::supervise
