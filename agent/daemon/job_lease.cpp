// SPDX-License-Identifier: Apache-2.0
// How long a job may run without an answer of its server: what JobRun tells the keeper and the log.
#include "daemon/job_run.hpp"
#include "diag/log.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;

/// Between looks whether a lease that has ended was renewed.
constexpr std::chrono::nanoseconds kLook = std::chrono::seconds(1);

}  // namespace

void JobRun::renew_lease(std::chrono::nanoseconds until) {
  const auto on_lost = parts_.config.on_lease_lost == config::OnLeaseLost::Stop
                           ? journal::OnLeaseLost::Stop
                           : journal::OnLeaseLost::Finish;
  lease_ =
      supervise::Lease{until.count(), on_lost,
                       static_cast<std::uint32_t>(parts_.config.cancel_signal_timeout.count())};
  if (is_handed_over_ && !freed_.is_set()) tasks_.spawn(send_lease(*lease_));
}

asio::awaitable<void> JobRun::send_lease(supervise::Lease lease) {
  if (keeper_ != nullptr) (void)co_await keeper_->send(lease);
}

/// Says when the lease ends and what becomes of the job then, and when there is one again. To stop
/// the job is for its keeper, which needs no agent for that.
asio::awaitable<void> JobRun::watch_lease() {
  bool is_over = false;  // the job; one that its keeper stopped may be so before this wakes
  for (bool has_ended = false;;) {
    std::chrono::nanoseconds left = kLook;
    if (lease_) left = std::chrono::nanoseconds(lease_->until_ns) - parts_.clock.since_boot();
    const bool ends_now = left.count() <= 0;
    const bool stops = lease_ && lease_->on_lost == journal::OnLeaseLost::Stop;
    if (ends_now && !has_ended && (stops || !is_over)) {
      diag::warn(stops ? "the job's lease has ended, it is stopped; its log is sent later"
                       : "the job's lease has ended, it goes on; another agent may be given it",
                 {{"job", job_}});
    }
    if (is_over) co_return;
    if (!ends_now && has_ended) diag::notice("the job has a lease again", {{"job", job_}});
    has_ended = ends_now;
    is_over = !co_await parts_.timers.sleep(ends_now ? kLook : left);
  }
}

}  // namespace ostler::daemon
