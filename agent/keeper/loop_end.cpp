// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "journal/segment.hpp"
#include "keeper/loop.hpp"
#include "process/tree.hpp"

// The end of a job: the process tree, the verdict, the farewell.
namespace ostler::keeper {
namespace {

constexpr std::chrono::seconds kTreeTime{5};

}  // namespace

/// Ends every process of the job; those that are left.
std::vector<pid_t> Loop::kill_tree() {
  const auto tree = process::kill_descendants(group_ ? &*group_ : nullptr, kTreeTime);
  for (const process::Reaped& child : tree.reaped) {
    if (child.pid == worker_.pid()) worker_.set_status(child.status);
  }
  return tree.left;
}

/// The same, and reads what the worker had still sent.
Result<void> Loop::end_tree() {
  const bool was_killed_by_us = !worker_.status() && !worker_gone_by_;
  ending_.left = kill_tree();
  if (!was_killed_by_us) ending_.worker_status = worker_.status();
  if (worker_.errors() >= 0) worker_.read_errors();
  ending_.worker_words = worker_.last_words();
  return ending_.report || ending_.disk_full ? success() : drain_worker();
}

Result<void> Loop::drain_worker() {
  while (!recorder_.is_blocked() && !ending_.report) {
    OSTLER_TRY(const auto filled, worker_.fill());
    OSTLER_TRY(take_worker_frames());
    if (filled != supervise::FrameReader::Fill::Bytes) break;
  }
  return success();
}

Result<void> Loop::conclude() {
  state_ = supervise::KeeperState::Finishing;
  OSTLER_TRY(end_tree());
  if (group_) ending_.oom_kills = oom_kills_since(group_->oom_kills(), oom_kills_before_);
  const journal::Verdict verdict = compose_verdict(ending_);
  OSTLER_TRY(recorder_.conclude(verdict, needs_notice(verdict) ? notice_for(verdict) : ""));
  wake_agent();
  agents_.send(supervise::encode_frame(supervise::Done{}));
  // For a crash of the machine. An agent that has heard Done does this, if it is needed at all.
  return agents_.has_agent() ? success() : recorder_.sync();
}

std::string Loop::notice_for(const journal::Verdict& verdict) const {
  return journal::notice_line(clock_->now(), verdict.evidence);
}

/// Leaves nothing behind but the lock file, which is ours until we are gone.
void Loop::abandon() {
  kill_tree();
  const auto numbers = journal::list_segments(options_.job_directory);
  if (!numbers) return;
  for (const std::uint64_t number : numbers.value()) {
    ::unlink(journal::segment_path(options_.job_directory, number).c_str());
  }
}

}  // namespace ostler::keeper
