// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "journal/verdict.hpp"
#include "process/exit_status.hpp"
#include "supervise/message.hpp"

namespace ostler::keeper {

/// Everything that a verdict is made from.
struct Ending {
  std::optional<supervise::Report> report{};           ///< none: the worker did not report
  std::optional<process::ExitStatus> worker_status{};  ///< when the worker died by itself
  std::string worker_words{};                          ///< the end of its standard error
  std::optional<supervise::CancelReason> cancelled{};
  std::uint64_t oom_kills = 0;  ///< by the kernel, in the job's control group
  bool disk_full = false;
  std::vector<pid_t> left{};  ///< processes that could not be killed; -1 for unknown ones
};

/// The kills of this job, from the counter of its group and what that said before the job. A
/// counter that cannot be read (any more) proves nothing.
std::uint64_t oom_kills_since(std::optional<std::uint64_t> now, std::uint64_t before);

/// The verdict that follows. A cancel outweighs what it caused; a full disk outweighs all.
journal::Verdict compose_verdict(const Ending& ending);

/// Whether the log must say what the verdict says, because nothing else in it does.
bool needs_notice(const journal::Verdict& verdict);

}  // namespace ostler::keeper
