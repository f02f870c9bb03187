// SPDX-License-Identifier: Apache-2.0
#include "keeper/loop.hpp"

// What the keeper does with messages of the agent.
namespace ostler::keeper {

using supervise::Frame;
using supervise::KeeperState;
using supervise::MessageType;

void Loop::on_agent() {
  notify_above_.reset();
  const journal::Position end = recorder_.end();
  agents_.send(supervise::encode_frame(
      supervise::Welcome{.state = state_, .records = end.records, .output = end.output}));
  for (const auto& [id, payload] : relay_.waiting()) {
    agents_.send(supervise::whole_frame({MessageType::ApiRequest, payload}));
  }
}

Result<void> Loop::on_message(const Frame& frame) {
  switch (frame.type) {
    case MessageType::Job: return on_job(frame);
    case MessageType::Abandon:
      if (state_ != KeeperState::Waiting) {
        return Error(Errc::Protocol, "abandon after the job was given; cancel it instead");
      }
      is_abandoned_ = true;
      return success();
    case MessageType::Cancel: {
      OSTLER_TRY(const auto cancel, supervise::decode<supervise::Cancel>(frame));
      return on_cancel(cancel);
    }
    case MessageType::Lease: {
      OSTLER_TRY(const auto lease, supervise::decode<supervise::Lease>(frame));
      return on_lease(lease);
    }
    case MessageType::Notify: {
      OSTLER_TRY(const auto notify, supervise::decode<supervise::Notify>(frame));
      notify_above_ = notify.records;
      return success();
    }
    case MessageType::ApiReply: return on_reply(frame);
    default: return success();  // of a later minor version
  }
}

Result<void> Loop::on_job(const Frame& frame) {
  if (state_ != KeeperState::Waiting) {
    return Error(Errc::Protocol, "this keeper has a job already");
  }
  state_ = KeeperState::Running;
  worker_.send(supervise::whole_frame(frame));
  return success();
}

Result<void> Loop::on_cancel(const supervise::Cancel& cancel) {
  if (!cancel_.cancel(cancel, clock_->since_boot())) return success();
  ending_.cancelled = cancel.reason;
  if (state_ == KeeperState::Waiting) {
    state_ = KeeperState::Running;
    ending_.report =
        supervise::Report{-1, 0, journal::Cause::SetupFailed, "cancelled before it began"};
    return success();
  }
  worker_.send(supervise::encode_frame(cancel));
  return success();
}

Result<void> Loop::on_lease(const supervise::Lease& lease) {
  const bool is_first = !lease_;
  lease_ = lease;
  if (!is_first) return success();
  recorder_.add_own(journal::RecordType::Lease,
                    journal::encode(journal::LeaseNote{lease.until_ns, lease.on_lost, false}));
  return recorder_.flush();
}

Result<void> Loop::on_reply(const Frame& frame) {
  OSTLER_TRY(const bool awaited, relay_.take_reply(frame.payload));
  if (awaited) worker_.send(supervise::whole_frame(frame));
  return success();
}

}  // namespace ostler::keeper
