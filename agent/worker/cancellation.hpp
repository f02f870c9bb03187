// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <optional>

#include "process/spawn.hpp"
#include "supervise/message.hpp"

namespace ostler::worker {

/// Whether the job goes on, and the child that feels it when it does not.
/// Runs on: one thread.
class Cancellation {
 public:
  /// Which end a child is spared.
  enum class Spare {
    Nothing,       ///< signalled on cancel, killed at the end of the grace
    CancelSignal,  ///< part of what a cancelled job still does: killed at the end of the grace only
  };

  /// While it lives, a child is the one that runs in the foreground.
  class Foreground {
   public:
    Foreground(Cancellation& cancellation, process::Child& child, Spare spare);
    ~Foreground();
    Foreground(const Foreground&) = delete;
    Foreground& operator=(const Foreground&) = delete;

   private:
    Cancellation& cancellation_;
  };

  /// What a child gets on cancel: the job's cancel signal, SIGTERM unless set.
  void set_signal(int signal) { signal_ = signal; }
  /// The job ends: signals the foreground child. Only the first call counts.
  void cancel(supervise::CancelReason reason);
  /// The grace is over: kills the foreground child.
  void kill();

  bool is_cancelled() const { return reason_.has_value(); }
  bool is_killed() const { return killed_; }
  std::optional<supervise::CancelReason> reason() const { return reason_; }
  int signal() const { return signal_; }

 private:
  void signal_foreground(int number);

  std::optional<supervise::CancelReason> reason_;
  int signal_ = SIGTERM;
  bool killed_ = false;
  process::Child* child_ = nullptr;
  Spare spare_ = Spare::Nothing;
};

}  // namespace ostler::worker
