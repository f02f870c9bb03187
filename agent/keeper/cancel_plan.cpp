// SPDX-License-Identifier: Apache-2.0
#include "keeper/cancel_plan.hpp"

#include <algorithm>

namespace ostler::keeper {
namespace {

/// How long the worker may take to report after Kill. With the 50 ms that ending the tree may
/// take, a cancelled job is gone within its grace and 250 ms.
constexpr std::chrono::milliseconds kReportTime{200};

}  // namespace

bool CancelPlan::cancel(const supervise::Cancel& cancel, BootTime now) {
  const BootTime kill_at = now + std::chrono::milliseconds(cancel.signal_timeout_ms);
  if (state_ == State::Asked) due_ = std::min(due_, kill_at);
  if (state_ != State::None) return false;
  state_ = State::Asked;
  reason_ = cancel.reason;
  due_ = kill_at;
  return true;
}

CancelPlan::Due CancelPlan::advance(BootTime now) {
  if (!next() || now < due_) return Due::Nothing;
  if (state_ == State::Asked) {
    state_ = State::Killing;
    due_ = now + kReportTime;
    return Due::SendKill;
  }
  state_ = State::GivenUp;
  return Due::GiveUp;
}

std::optional<BootTime> CancelPlan::next() const {
  if (state_ == State::Asked || state_ == State::Killing) return due_;
  return std::nullopt;
}

}  // namespace ostler::keeper
