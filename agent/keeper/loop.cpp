// SPDX-License-Identifier: Apache-2.0
#include "keeper/loop.hpp"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>

#include "process/tree.hpp"

namespace ostler::keeper {
namespace {

using supervise::Frame;
using supervise::FrameReader;
using supervise::KeeperState;
using supervise::MessageType;

constexpr std::chrono::seconds kGoodbyeTime{1};
constexpr std::chrono::seconds kWorkerExitTime{1};
/// Messages of the agent wait while this much waits for the worker.
constexpr std::size_t kMaxForWorker = 16u << 20;

bool is_ready(const std::vector<pollfd>& fds, int fd) {
  return fd >= 0 && std::any_of(fds.begin(), fds.end(), [fd](const pollfd& entry) {
           return entry.fd == fd && entry.revents != 0;
         });
}

std::optional<BootTime> earliest(std::initializer_list<std::optional<BootTime>> times) {
  std::optional<BootTime> first;
  for (const auto& time : times) {
    if (time && (!first || *time < *first)) first = time;
  }
  return first;
}

}  // namespace

Loop::Loop(Parts parts, const Clock& clock)
    : options_(std::move(parts.options)),
      clock_(&clock),
      recorder_(std::move(parts.recorder)),
      group_(std::move(parts.group)),
      worker_(std::move(parts.worker)),
      signals_(std::move(parts.signals)),
      timer_(std::move(parts.timer)),
      agents_(options_.epoch, std::move(parts.listening), *this) {
  if (group_) oom_kills_before_ = group_->oom_kills().value_or(0);
}

Result<void> Loop::run(UniqueFd agent) {
  agents_.add(std::move(agent), clock_->since_boot());
  auto served = serve_until_end();
  if (served && !is_abandoned_) served = conclude();
  if (!served) {
    kill_tree();
    agents_.send(supervise::encode_frame(supervise::Failed{served.error().message()}));
  }
  if (is_abandoned_) abandon();
  // A group that cannot be removed holds a process that could not be killed: the verdict says so.
  if (group_) (void)group_->remove();
  ::unlink(options_.socket.c_str());
  agents_.close(kGoodbyeTime);
  return served;
}

Result<void> Loop::serve_until_end() {
  while (!is_over()) {
    wait_for_events();
    serve_signals();
    if (is_ready(fds_, worker_.errors())) worker_.read_errors();
    OSTLER_TRY(serve_worker());
    agents_.serve(fds_, clock_->since_boot());
    OSTLER_TRY(advance());
    wake_agent();
  }
  return success();
}

bool Loop::is_over() const {
  return is_abandoned_ || ending_.report || gave_up_ || ending_.disk_full ||
         (worker_.status() && !recorder_.is_blocked());
}

void Loop::wait_for_events() {
  timer_.set(next_deadline());
  fds_.clear();
  fds_.push_back({signals_.get(), POLLIN, 0});
  fds_.push_back({timer_.fd(), POLLIN, 0});
  worker_.watch(fds_, !recorder_.is_blocked() && !worker_gone_by_);
  agents_.watch(fds_, worker_.waiting() < kMaxForWorker);
  ::poll(fds_.data(), fds_.size(), -1);
  timer_.clear();
}

std::optional<BootTime> Loop::next_deadline() const {
  std::optional<BootTime> lease;
  if (lease_ && lease_->on_lost == journal::OnLeaseLost::Stop) lease = BootTime(lease_->until_ns);
  std::optional<BootTime> patience;
  if (recorder_.blocked_since()) patience = *recorder_.blocked_since() + options_.disk_patience;
  return earliest(
      {recorder_.next(), cancel_.next(), agents_.next(), lease, patience, worker_gone_by_});
}

void Loop::serve_signals() {
  if (!is_ready(fds_, signals_.get())) return;
  signalfd_siginfo info{};
  bool has_stop = false;
  while (::read(signals_.get(), &info, sizeof info) == sizeof info) {
    has_stop = has_stop || info.ssi_signo == SIGTERM;
  }
  reap();
  // The machine shuts down: the job gets its cancel signal and the verdict is still written.
  if (has_stop) (void)on_cancel({.reason = supervise::CancelReason::AgentStop});
}

void Loop::reap() {
  for (const process::Reaped& child : process::reap_ended()) {
    if (child.pid == worker_.pid()) worker_.set_status(child.status);
  }
}

Result<void> Loop::serve_worker() {
  worker_.flush();
  if (recorder_.is_blocked() || worker_gone_by_) return success();
  if (worker_.status()) return drain_worker();
  if (!is_ready(fds_, worker_.socket())) return success();
  OSTLER_TRY(const auto filled, worker_.fill());
  if (filled == FrameReader::Fill::End) worker_gone_by_ = clock_->since_boot() + kWorkerExitTime;
  return take_worker_frames();
}

Result<void> Loop::take_worker_frames() {
  while (!recorder_.is_blocked() && !ending_.report) {
    OSTLER_TRY(const auto frame, worker_.next());
    if (!frame) break;
    OSTLER_TRY(on_worker_frame(*frame));
  }
  return recorder_.flush();
}

Result<void> Loop::on_worker_frame(const Frame& frame) {
  using journal::RecordType;
  switch (frame.type) {
    case MessageType::Output: return recorder_.add(RecordType::Output, frame.payload);
    case MessageType::PhaseBegin: return recorder_.add(RecordType::PhaseBegin, frame.payload);
    case MessageType::PhaseEnd: return recorder_.add(RecordType::PhaseEnd, frame.payload);
    case MessageType::Event: return recorder_.add(RecordType::Event, frame.payload);
    case MessageType::Artifact: return recorder_.add(RecordType::Artifact, frame.payload);
    case MessageType::Started: return on_started();
    case MessageType::ApiRequest: return on_request(frame);
    case MessageType::Report: return on_report(frame);
    default: return success();  // of a later minor version
  }
}

/// The worker is answered when the record stands, also when that takes a while.
Result<void> Loop::on_started() {
  owes_started_ack_ = true;
  OSTLER_TRY(recorder_.add(journal::RecordType::Started, {}));
  OSTLER_TRY(recorder_.flush());
  acknowledge_start();
  return success();
}

Result<void> Loop::on_report(const Frame& frame) {
  OSTLER_TRY(auto report, supervise::decode<supervise::Report>(frame));
  OSTLER_TRY(recorder_.flush());
  ending_.report = std::move(report);
  return success();
}

void Loop::acknowledge_start() {
  if (!owes_started_ack_ || recorder_.is_blocked()) return;
  owes_started_ack_ = false;
  worker_.send(supervise::encode_frame(supervise::StartedAck{}));
}

Result<void> Loop::on_request(const Frame& frame) {
  OSTLER_TRY(const bool taken, relay_.take_request(frame.payload));
  if (!taken) {
    OSTLER_TRY(auto refusal, ApiRelay::refusal(frame.payload));
    worker_.send(std::move(refusal));
    return success();
  }
  agents_.send(supervise::whole_frame(frame));
  return success();
}

/// What waits is tried again, in the order in which it came.
Result<void> Loop::advance() {
  timer_.clear();
  const BootTime now = clock_->since_boot();
  const bool was_blocked = recorder_.is_blocked();
  OSTLER_TRY(recorder_.advance(now));
  if (was_blocked && !recorder_.is_blocked()) {
    acknowledge_start();
    OSTLER_TRY(take_worker_frames());
  }
  const auto since = recorder_.blocked_since();
  if (since && now >= *since + options_.disk_patience) ending_.disk_full = true;
  if (worker_gone_by_ && now >= *worker_gone_by_) gave_up_ = true;
  advance_lease(now);
  advance_cancel(now);
  agents_.advance(now);
  if (state_ == KeeperState::Waiting && agents_.is_empty()) is_abandoned_ = true;
  return success();
}

void Loop::advance_cancel(BootTime now) {
  switch (cancel_.advance(now)) {
    case CancelPlan::Due::Nothing: return;
    case CancelPlan::Due::SendKill: return worker_.send(supervise::encode_frame(supervise::Kill{}));
    case CancelPlan::Due::GiveUp: gave_up_ = true;
  }
}

void Loop::advance_lease(BootTime now) {
  if (!lease_ || lease_->on_lost != journal::OnLeaseLost::Stop) return;
  if (now < BootTime(lease_->until_ns)) return;
  const auto lease = *lease_;
  lease_.reset();
  recorder_.add_own(journal::RecordType::Lease,
                    journal::encode({lease.until_ns, lease.on_lost, true}));
  (void)on_cancel({supervise::CancelReason::LeaseLost, lease.signal_timeout_ms, 0});
}

void Loop::wake_agent() {
  if (!notify_above_ || recorder_.end().records <= *notify_above_) return;
  notify_above_.reset();
  const journal::Position end = recorder_.end();
  agents_.send(supervise::encode_frame(supervise::Wake{end.records, end.output}));
}

}  // namespace ostler::keeper
