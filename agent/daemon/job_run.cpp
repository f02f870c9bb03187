// SPDX-License-Identifier: Apache-2.0
#include "daemon/job_run.hpp"

#include <unistd.h>

#include "agent_client/retry.hpp"
#include "daemon/api_proxy.hpp"
#include "daemon/service_calls.hpp"
#include "diag/log.hpp"
#include "files/file_lock.hpp"
#include "journal/segment.hpp"
#include "net/offload.hpp"
#include "supervise/lost_keeper.hpp"
#include "uplink/finish_report.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using supervise::CancelReason;

/// Between attempts to reach a keeper that lives but does not listen (yet).
constexpr std::chrono::nanoseconds kJoinPause = 100ms;
constexpr std::chrono::nanoseconds kRefusedJoinPause = 2s;
constexpr std::chrono::seconds kStateHold{30};
constexpr std::chrono::nanoseconds kStateHeldAtLeast = 1s;
constexpr std::chrono::nanoseconds kUnwatched = 100ms;
constexpr std::chrono::seconds kAssumedStatusInterval{1};
/// How long a verdict may be in the page cache only.
constexpr std::chrono::nanoseconds kUnsynced = 100ms;

std::uint32_t milliseconds_of(std::chrono::milliseconds duration) {
  return static_cast<std::uint32_t>(duration.count());
}

}  // namespace

JobRun::JobRun(AgentParts& parts, Session* session, std::string job)
    : parts_(parts),
      session_(session),
      job_(std::move(job)),
      accept_over_(parts.strand),
      stop_asking_(parts.strand),
      freed_(parts.strand),
      over_(parts.strand),
      reported_(parts.strand),
      watches_(parts.strand),
      tasks_(parts.strand) {
  is_first_ = parts_.jobs_in_hand.insert(job_).second;
}

JobRun::~JobRun() {
  if (is_first_) parts_.jobs_in_hand.erase(job_);
}

asio::awaitable<void> JobRun::run(Origin origin) {
  if (co_await begin(origin)) {
    parts_.metrics.job_started();
    if (session_ != nullptr) session_->hold_lease(this);
    tasks_.spawn(follow_keeper());
    watches_.spawn(watch_state());
    if (session_ != nullptr) watches_.spawn(watch_lease());
    const auto delivery = co_await shipment_->run();
    reported_.set();
    if (delivery == uplink::Delivery::RefusedStart) cancel(CancelReason::UserCancel);
    co_await freed_.wait();
    co_await finish_up();
    parts_.metrics.job_ended();
  }
  co_await end_tasks();
  freed_.set();
  over_.set();
}

std::optional<Error> JobRun::refusal() const {
  if (!accepted_ || *accepted_) return std::nullopt;
  return accepted_->error();
}

std::optional<int> JobRun::exit_status() const {
  if (shipment_ == nullptr || !shipment_->verdict()) return std::nullopt;
  return uplink::finish_report(*shipment_->verdict(), {}).exit_status;
}

asio::awaitable<void> JobRun::finish_up() {
  if (session_ != nullptr) session_->hold_lease(nullptr);
  co_await end_tasks();
  const auto& verdict = shipment_->verdict();
  diag::notice("job delivered",
               {{"job", job_}, {"outcome", verdict ? std::string(to_string(verdict->cause)) : ""}});
  remove_leftovers();
}

asio::awaitable<void> JobRun::end_tasks() {
  watches_.cancel();
  co_await watches_.join();
  co_await tasks_.join();
}

/// The session lets go first: a directory without a session is removed at the next start, while a
/// session that names a job without a directory would be taken for an accept under way.
void JobRun::remove_leftovers() {
  if (session_ != nullptr) {
    const auto cleared = session_->assign("");
    if (!cleared) diag::warn("a session cannot be stored", {{"error", cleared.error().message()}});
  }
  ::unlink(parts_.runtime.keeper_socket(job_).c_str());
  ::unlink(parts_.runtime.job_socket(job_).c_str());
  const auto removed = parts_.state.remove_job(job_);
  if (!removed) {
    diag::warn("a job's files stay behind", {{"job", job_}, {"error", removed.error().message()}});
  }
}

asio::awaitable<void> JobRun::follow_keeper() {
  bool is_done = false;
  while (keeper_ != nullptr) {
    const KeeperEnd end = co_await keeper_->listen(*this);
    is_done = end == KeeperEnd::Done;
    if (is_done) let_go();  // it dies while the reports go out
    // A connection can break while its keeper lives; a reaped keeper would be a killed job.
    if (end != KeeperEnd::Broken || !keeper_lives()) co_await keeper_->reap();
    retire_keeper();
    if (end == KeeperEnd::Broken) co_await join_keeper();
  }
  if (is_done || !keeper_lives()) co_await reap_retired();
  if (is_done) co_return;
  co_await conclude();
  let_go();
}

/// No process of the job is left and its journal is whole: what remains is to report it.
void JobRun::let_go() {
  watches_.cancel();
  tasks_.spawn(sync_when_late());
  shipment_->journal_ended();
  freed_.set();
}

/// The keeper leaves the last sync of the journal to the agent that heard its Done: a job whose
/// finish is acknowledged soon never needs it.
asio::awaitable<void> JobRun::sync_when_late() {
  if (co_await reported_.wait(kUnsynced)) co_return;
  const auto synced = co_await net::offload(
      parts_.pool, [directory = directory()] { return journal::sync_segments(directory); });
  if (!synced) {
    diag::warn("a job's journal cannot be brought to the disk",
               {{"job", job_}, {"error", synced.error().message()}});
  }
}

/// A keeper whose connection broke while it lived is ours to reap all the same.
asio::awaitable<void> JobRun::reap_retired() {
  for (const auto& link : retired_) co_await link->reap();
}

/// Ends the journal of a job that has no keeper any more.
asio::awaitable<void> JobRun::conclude() {
  supervise::LostKeeperOptions options;
  options.job_id = job_;
  options.shipped_output = shipment_->cut_output();
  const auto lost =
      co_await net::offload(parts_.pool, [directory = directory(), &clock = parts_.clock, options] {
        return supervise::conclude_lost_keeper(directory, clock, options);
      });
  if (!lost) {
    diag::error("a job without a keeper cannot be concluded",
                {{"job", job_}, {"error", lost.error().message()}});
  } else if (!lost.value().had_verdict) {
    diag::error("a job has lost its keeper",
                {{"job", job_}, {"evidence", lost.value().verdict.evidence}});
  }
}

/// Asks whether the server wants the job ended. The question that is held open takes a connection
/// of its own, which jobs of a few milliseconds do without.
asio::awaitable<void> JobRun::watch_state() {
  const auto interval =
      session_ != nullptr ? session_->record().job_status_interval : kAssumedStatusInterval;
  if (record_.waits && !co_await parts_.timers.sleep(kUnwatched)) co_return;
  for (bool held = record_.waits;;) {
    const double factor = agent_client::jitter() * 2;
    const auto pause = std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(interval) * factor);
    if (!held && !co_await parts_.timers.sleep(pause)) co_return;
    const auto asked_at = parts_.clock.since_boot();
    const auto state =
        co_await parts_.api.job_state(record_.peer(), job_, record_.waits ? kStateHold : 0s);
    if (co_await net::is_cancelled() || judge_state(state)) co_return;
    held = state && record_.waits && parts_.clock.since_boot() - asked_at >= kStateHeldAtLeast;
  }
}

/// Cancels the job if the server says so; whether it did.
bool JobRun::judge_state(const Result<wire::JobState>& state) {
  if (shipment_->verdict()) return true;
  if (!state) {
    const int status = state.error().native();
    if (status != 401 && status != 404 && status != wire::kHeldElsewhere) return false;
    diag::warn("the job is not this agent's (any more), it is cancelled",
               {{"job", job_}, {"error", state.error().message()}});
    cancel(CancelReason::LeaseLost);
    return true;
  }
  switch (state.value()) {
    case wire::JobState::Canceling:
    case wire::JobState::Canceled:
      diag::notice("the server cancels the job", {{"job", job_}});
      cancel(CancelReason::UserCancel);
      return true;
    case wire::JobState::TimingOut:
    case wire::JobState::TimedOut:
      diag::notice("the job has run out of time", {{"job", job_}});
      cancel(CancelReason::Timeout);
      return true;
    case wire::JobState::Finished:
      diag::warn("the server has finished the job without us, it is cancelled", {{"job", job_}});
      cancel(CancelReason::LeaseLost);
      return true;
    default: return false;
  }
}

void JobRun::cancel(CancelReason reason) {
  if (cancel_ || freed_.is_set()) return;
  cancel_ = supervise::Cancel{reason, milliseconds_of(parts_.config.cancel_signal_timeout),
                              milliseconds_of(parts_.config.cancel_cleanup_timeout)};
  if (is_handed_over_) tasks_.spawn(send_cancel(*cancel_));
}

// A message that does not get through was said to a keeper that is gone: follow_keeper sees that.

asio::awaitable<void> JobRun::send_cancel(supervise::Cancel cancel) {
  if (keeper_ != nullptr) (void)co_await keeper_->send(cancel);
}

asio::awaitable<void> JobRun::send_notify(std::uint64_t records) {
  if (keeper_ != nullptr) (void)co_await keeper_->send(supervise::Notify{records});
}

asio::awaitable<void> JobRun::answer(supervise::ApiRequest request) {
  auto reply =
      is_service_call(request.path)
          ? co_await answer_service_call(parts_, job_, std::move(request))
          : co_await forward(parts_.api, record_.peer(), job_, record_.build, std::move(request));
  if (keeper_ != nullptr) (void)co_await keeper_->send(std::move(reply));
}

void JobRun::ask(std::uint64_t records) {
  if (!freed_.is_set()) tasks_.spawn(send_notify(records));
}

void JobRun::on_wake() { shipment_->journal_grew(); }

void JobRun::on_api_request(supervise::ApiRequest request) {
  watches_.spawn(answer(std::move(request)));
}

bool JobRun::keeper_lives() const {
  const auto held = files::FileLock::is_held(directory() / "lock");
  return held && held.value();
}

KeeperPlace JobRun::place() const {
  return {parts_.program, directory(), parts_.runtime.keeper_socket(job_), parts_.state.epoch(),
          parts_.groups};
}

std::filesystem::path JobRun::directory() const { return parts_.state.job_directory(job_); }

/// A link whose senders may still be on their way.
void JobRun::retire_keeper() {
  if (keeper_ == nullptr) return;
  keeper_->close();
  retired_.push_back(std::move(keeper_));
}

/// Connects to the job's living keeper, however long that takes, and says again what it must know.
/// False when no keeper lives (any more).
asio::awaitable<bool> JobRun::join_keeper() {
  for (bool said = false; keeper_lives();) {
    auto link = KeeperLink::join(parts_.strand, place());
    if (link) {
      auto welcome = co_await link.value()->greet();
      if (welcome) {
        keeper_ = std::move(link).value();
        welcome_ = welcome.value();
        if (lease_) tasks_.spawn(send_lease(*lease_));
        if (cancel_) tasks_.spawn(send_cancel(*cancel_));
        if (shipment_ != nullptr) shipment_->journal_grew();
        co_return true;
      }
      if (!std::exchange(said, true)) {
        diag::error("a job's keeper does not take this agent, the job is left alone",
                    {{"job", job_}, {"error", welcome.error().message()}});
      }
    }
    if (!co_await parts_.timers.sleep(said ? kRefusedJoinPause : kJoinPause)) co_return false;
  }
  co_return false;
}

}  // namespace ostler::daemon
