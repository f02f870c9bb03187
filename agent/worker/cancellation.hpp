// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <csignal>
#include <optional>

#include "process/spawn.hpp"
#include "supervise/message.hpp"

namespace ostler::worker {

/// Whether the job goes on, and what runs in the foreground and feels it when it does not.
/// Runs on: one thread.
class Cancellation {
 public:
  /// Which end a child is spared.
  enum class Spare {
    Nothing,       ///< told on cancel, killed at the end of the grace
    CancelSignal,  ///< part of what a cancelled job still does: killed at the end of the grace only
  };

  /// While it lives, it is what runs in the foreground.
  class Foreground {
   public:
    explicit Foreground(Cancellation& cancellation) : cancellation_(cancellation) {
      cancellation_.foreground_ = this;
    }
    virtual ~Foreground() { cancellation_.foreground_ = nullptr; }
    Foreground(const Foreground&) = delete;
    Foreground& operator=(const Foreground&) = delete;

    /// The job was cancelled.
    virtual void cancel(const Cancellation& cancellation) = 0;
    /// The grace is over.
    virtual void kill() = 0;

   private:
    Cancellation& cancellation_;
  };

  /// A child that runs in the foreground.
  class ForegroundChild final : public Foreground {
   public:
    ForegroundChild(Cancellation& cancellation, process::Child& child, Spare spare)
        : Foreground(cancellation), child_(child), spare_(spare) {}
    void cancel(const Cancellation& cancellation) override;
    void kill() override;

   private:
    process::Child& child_;
    Spare spare_;
  };

  /// What a child gets on cancel: the job's cancel signal, SIGTERM unless set.
  void set_signal(int signal) { signal_ = signal; }
  /// The job ends: tells what runs in the foreground, which has the grace to end. Only the first
  /// call counts.
  void cancel(supervise::CancelReason reason, std::chrono::milliseconds grace);
  /// The grace is over: kills what runs in the foreground.
  void kill();

  bool is_cancelled() const { return reason_.has_value(); }
  bool is_killed() const { return killed_; }
  std::optional<supervise::CancelReason> reason() const { return reason_; }
  std::chrono::milliseconds grace() const { return grace_; }
  int signal() const { return signal_; }

 private:
  std::optional<supervise::CancelReason> reason_;
  std::chrono::milliseconds grace_{0};
  int signal_ = SIGTERM;
  bool killed_ = false;
  Foreground* foreground_ = nullptr;
};

}  // namespace ostler::worker
