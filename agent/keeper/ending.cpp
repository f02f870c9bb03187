// SPDX-License-Identifier: Apache-2.0
#include "keeper/ending.hpp"

#include <csignal>

namespace ostler::keeper {
namespace {

using journal::Cause;
using supervise::CancelReason;

Cause cause_of(CancelReason reason) {
  switch (reason) {
    case CancelReason::UserCancel: return Cause::Cancelled;
    case CancelReason::Timeout: return Cause::TimedOut;
    case CancelReason::LeaseLost: return Cause::LeaseLost;
    case CancelReason::AgentStop: return Cause::AgentStopped;
  }
  return Cause::Cancelled;
}

void add(std::string& evidence, const std::string& more) {
  if (more.empty()) return;
  if (!evidence.empty()) evidence += "; ";
  evidence += more;
}

/// What the worker said, or what became of it.
journal::Verdict from_worker(const Ending& ending) {
  journal::Verdict verdict;
  if (ending.report) {
    verdict.cause = ending.report->cause;
    verdict.exit_status = ending.report->exit_status;
    verdict.signal = ending.report->signal;
    verdict.evidence = ending.report->evidence;
    return verdict;
  }
  verdict.cause = Cause::WorkerLost;
  verdict.exit_status = -1;
  if (ending.worker_status) {
    verdict.evidence = "the worker process ended with " + process::describe(*ending.worker_status) +
                       " before it reported";
  } else {
    verdict.evidence = "the worker process did not report in time and was killed";
    verdict.signal = SIGKILL;
  }
  if (!ending.worker_words.empty()) add(verdict.evidence, "it said: " + ending.worker_words);
  return verdict;
}

bool has_failed(const journal::Verdict& verdict) {
  return verdict.cause != Cause::Exited || verdict.exit_status != 0;
}

std::string describe_left(const std::vector<int>& left) {
  if (left.empty()) return "";
  std::string text = "processes that could not be killed are left:";
  for (const int pid : left) text += pid > 0 ? " " + std::to_string(pid) : " unknown";
  return text;
}

}  // namespace

std::uint64_t oom_kills_since(std::optional<std::uint64_t> now, std::uint64_t before) {
  return now && *now > before ? *now - before : 0;
}

journal::Verdict compose_verdict(const Ending& ending) {
  journal::Verdict verdict = from_worker(ending);
  if (ending.oom_kills > 0) {
    if (has_failed(verdict)) verdict.cause = Cause::OutOfMemory;
    add(verdict.evidence, "the kernel killed " + std::to_string(ending.oom_kills) +
                              " of the job's processes for lack of memory");
  }
  if (ending.cancelled) verdict.cause = cause_of(*ending.cancelled);
  if (ending.disk_full) {
    verdict.cause = Cause::DiskFull;
    add(verdict.evidence, "the disk of the agent's state directory stayed full");
  }
  add(verdict.evidence, describe_left(ending.left));
  return verdict;
}

bool needs_notice(const journal::Verdict& verdict) {
  return verdict.cause == Cause::WorkerLost || verdict.cause == Cause::OutOfMemory ||
         verdict.cause == Cause::DiskFull;
}

}  // namespace ostler::keeper
