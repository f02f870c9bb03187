// SPDX-License-Identifier: Apache-2.0
#include "uplink/finish_report.hpp"

#include "process/signal_name.hpp"

namespace ostler::uplink {
namespace {

using journal::Cause;
using model::EndCause;

/// Protocol words for what ended a job from outside; empty when it ended by itself.
std::string_view signal_reason(Cause cause) {
  switch (cause) {
    case Cause::Cancelled:
    case Cause::TimedOut:
    case Cause::LeaseLost: return "cancel";
    case Cause::AgentStopped: return "agent_stop";
    case Cause::DiskFull:
    case Cause::WorkerLost:
    case Cause::KeeperLost:
    case Cause::HostRestarted:
    case Cause::SetupFailed: return "process_run_error";
    case Cause::Exited:
    case Cause::Signalled:
    case Cause::PluginCrashed:
    case Cause::OutOfMemory: return "";
  }
  return "";
}

std::optional<EndCause> end_cause(Cause cause) {
  switch (cause) {
    case Cause::OutOfMemory: return EndCause::OutOfMemory;
    case Cause::DiskFull: return EndCause::DiskFull;
    case Cause::WorkerLost: return EndCause::WorkerLost;
    case Cause::KeeperLost: return EndCause::KeeperLost;
    case Cause::HostRestarted: return EndCause::HostRestarted;
    case Cause::PluginCrashed: return EndCause::PluginCrashed;
    case Cause::Exited:
    case Cause::Signalled:
    case Cause::Cancelled:
    case Cause::TimedOut:
    case Cause::AgentStopped:
    case Cause::LeaseLost:
    case Cause::SetupFailed: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

wire::FinishRequest finish_report(const journal::Verdict& verdict, Timestamp finished_at) {
  wire::FinishRequest report;
  report.finished_at = finished_at;
  report.exit_status = verdict.exit_status;
  report.signal_reason = signal_reason(verdict.cause);
  report.end_cause = end_cause(verdict.cause);
  const bool is_ours = report.signal_reason == "process_run_error";
  if (is_ours) {
    // A set-up that says how it failed (a checkout's exit code) is reported as its own status.
    if (verdict.cause == Cause::SetupFailed && verdict.exit_status > 0) {
      report.signal_reason.clear();
    } else {
      report.exit_status = -1;
    }
    return report;
  }
  if (verdict.signal != 0) {
    report.exit_status = -1;
    report.signal = process::signal_name(verdict.signal);
  } else if (!report.signal_reason.empty() && verdict.exit_status == 0) {
    report.exit_status = 1;  // a cancelled command has not passed, whatever it says
  }
  return report;
}

}  // namespace ostler::uplink
