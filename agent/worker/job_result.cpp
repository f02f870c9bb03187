// SPDX-License-Identifier: Apache-2.0
#include "worker/job_result.hpp"

#include "process/signal_name.hpp"

namespace ostler::worker {
namespace {

using journal::Cause;
using process::ExitStatus;
using supervise::Report;

constexpr int kQuitStatus = 131;  // a genuine bootstrap that received SIGQUIT exits with it

Report failed(Cause cause, const PhaseFailure& failure) {
  return {.exit_status = failure.exit_status, .cause = cause, .evidence = failure.evidence};
}

Report end_of_command(const ExitStatus& status) {
  Report report{.exit_status = exit_status_of(status),
                .evidence = "the command ended with " + process::describe(status)};
  if (const auto* signalled = std::get_if<process::Signalled>(&status)) {
    report.signal = signalled->signal;
    report.cause = Cause::Signalled;
  }
  return report;
}

Report report_uncancelled(const JobResult& result) {
  if (result.preparation) return failed(Cause::SetupFailed, *result.preparation);
  if (result.checkout) return failed(Cause::SetupFailed, *result.checkout);
  if (result.plugins) return failed(Cause::SetupFailed, *result.plugins);
  if (!result.command) {
    return {.exit_status = -1, .cause = Cause::SetupFailed, .evidence = "the command never ran"};
  }
  if (result.artifacts && exit_status_of(*result.command) == 0) {
    return failed(Cause::Exited, *result.artifacts);
  }
  Report report = end_of_command(*result.command);
  if (result.plugin_crashed) report.cause = Cause::PluginCrashed;
  if (!result.command_evidence.empty()) report.evidence = result.command_evidence;
  return report;
}

}  // namespace

int exit_status_of(const ExitStatus& status) {
  const auto* exited = std::get_if<process::Exited>(&status);
  return exited != nullptr ? exited->code : -1;
}

Report report_of(const JobResult& result, const Cancellation& cancellation) {
  Report report = report_uncancelled(result);
  if (!cancellation.is_cancelled()) return report;
  const int signal = cancellation.signal() == SIGKILL ? SIGTERM : cancellation.signal();
  const bool quits = signal == SIGQUIT;
  report.signal = quits ? 0 : signal;
  report.exit_status = quits ? kQuitStatus : -1;
  report.evidence = "cancelled with " + process::signal_name(signal) + "; " + report.evidence;
  return report;
}

}  // namespace ostler::worker
