// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>

#include "files/should_stop.hpp"
#include "worker/cancellation.hpp"

namespace ostler::worker {

/// Work on a thread for which a job waits, and which may be left undone once the job is cancelled:
/// its token is asked to stop then, and from the start when the job was cancelled or killed before.
/// While it lives, it is what runs in the foreground. Runs on: one thread; the token on any.
class ForegroundWork final : public Cancellation::Foreground {
 public:
  explicit ForegroundWork(Cancellation& cancellation) : Foreground(cancellation) {
    if (cancellation.is_cancelled() || cancellation.is_killed()) stop_.request_stop();
  }
  void cancel(const Cancellation&) override { stop_.request_stop(); }
  void kill() override { stop_.request_stop(); }
  std::stop_token token() const { return stop_.get_token(); }
  /// The same as a question.
  files::ShouldStop stop() const {
    return [token = token()] { return token.stop_requested(); };
  }

 private:
  std::stop_source stop_;
};

}  // namespace ostler::worker
