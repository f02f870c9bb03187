// SPDX-License-Identifier: Apache-2.0
#include "worker/cancellation.hpp"

namespace ostler::worker {

void Cancellation::ForegroundChild::cancel(const Cancellation& cancellation) {
  if (spare_ == Spare::Nothing) child_.signal_group(cancellation.signal());
}

void Cancellation::ForegroundChild::kill() { child_.signal_group(SIGKILL); }

void Cancellation::cancel(supervise::CancelReason reason, std::chrono::milliseconds grace) {
  if (reason_) return;
  reason_ = reason;
  grace_ = grace;
  if (foreground_ != nullptr) foreground_->cancel(*this);
}

void Cancellation::kill() {
  killed_ = true;
  if (foreground_ != nullptr) foreground_->kill();
}

}  // namespace ostler::worker
