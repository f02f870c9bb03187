// SPDX-License-Identifier: Apache-2.0
#include "worker/cancellation.hpp"

namespace ostler::worker {

Cancellation::Foreground::Foreground(Cancellation& cancellation, process::Child& child, Spare spare)
    : cancellation_(cancellation) {
  cancellation_.child_ = &child;
  cancellation_.spare_ = spare;
}

Cancellation::Foreground::~Foreground() { cancellation_.child_ = nullptr; }

void Cancellation::cancel(supervise::CancelReason reason) {
  if (reason_) return;
  reason_ = reason;
  if (spare_ == Spare::Nothing) signal_foreground(signal_);
}

void Cancellation::kill() {
  killed_ = true;
  signal_foreground(SIGKILL);
}

void Cancellation::signal_foreground(int number) {
  if (child_ != nullptr) child_->signal_group(number);
}

}  // namespace ostler::worker
