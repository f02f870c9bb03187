// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "process/exit_status.hpp"
#include "supervise/message.hpp"
#include "worker/cancellation.hpp"

namespace ostler::worker {

/// A phase that failed: the exit status it stands for, and why.
struct PhaseFailure {
  int exit_status = 1;
  std::string evidence;
};

/// What came out of each phase that has something to say about the job's end.
struct JobResult {
  std::optional<PhaseFailure> preparation;  ///< -1: nothing of the job ran
  std::optional<PhaseFailure> checkout;
  std::optional<PhaseFailure> plugins;
  std::optional<process::ExitStatus> command;  ///< none: it was not attempted
  std::string command_evidence;                ///< what more is known of its end, else empty
  bool plugin_crashed = false;                 ///< what ended so was a step plugin
  std::optional<PhaseFailure> artifacts;

  bool may_run_command() const { return !preparation && !checkout && !plugins; }
};

/// Exit status of the command as scripts see it: -1 when a signal killed it.
int exit_status_of(const process::ExitStatus& status);

/// The worker's last word. A cancelled job looks as if the cancel signal had killed it, whatever
/// its command made of the signal. Source: job-lifecycle 1.7, 3.4, 3.5.
supervise::Report report_of(const JobResult& result, const Cancellation& cancellation);

}  // namespace ostler::worker
