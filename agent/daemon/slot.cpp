// SPDX-License-Identifier: Apache-2.0
#include "daemon/slot.hpp"

#include <algorithm>

#include "diag/log.hpp"
#include "net/until.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// How long a slot waits for the acknowledged finish before it registers another session.
constexpr auto kDeliveryPatience = 2s;
/// The least time between two registrations of a slot whose sessions are refused.
constexpr std::chrono::nanoseconds kRefusedPause = 5s;

}  // namespace

Slot::Slot(AgentParts& parts, int number)
    : parts_(parts),
      number_(number),
      stop_(parts.strand),
      interrupt_(parts.strand),
      delivered_(parts.strand),
      tasks_(parts.strand) {}

void Slot::adopt(SessionRecord session) { adopted_.push_back(std::move(session)); }

void Slot::adopt_orphan(std::string job) { orphans_.push_back(std::move(job)); }

void Slot::stop() {
  stop_.set();
  interrupt_.set();
  for (auto& carried : carried_) {
    carried.run->stop_asking();
    if (carried.session != nullptr) carried.session->rest();
  }
}

void Slot::leave() {
  is_leaving_ = true;
  if (session_ != nullptr && !session_->is_paused() && !is_held_) stop();
}

void Slot::hold(bool held) {
  if (held && !is_held_) held_at_ = parts_.clock.now();
  is_held_ = held;
  interrupt_.set();
}

SlotStatus Slot::status() const {
  using wire::LocalState;
  const auto busy = std::find_if(carried_.begin(), carried_.end(),
                                 [](const Carried& one) { return one.run->holds_slot(); });
  const bool is_busy = busy != carried_.end();
  const Session* session = is_busy ? busy->session.get() : session_.get();
  SlotStatus status;
  wire::LocalSlot& shown = status.shown;
  shown.number = number_;
  shown.name = name_;
  if (session != nullptr) {
    shown.agent_id = session->record().agent_id;
    status.heartbeat = session->heartbeat();
  }
  const auto show = [&shown](LocalState state, std::optional<Timestamp> since) {
    shown.state = state;
    shown.since = since;
  };
  if (is_busy) shown.job = busy->run->job();
  if (status.heartbeat.failed_at) {
    show(LocalState::Lost, status.heartbeat.failed_at);
  } else if (is_busy) {
    show(LocalState::Busy, busy->begun_at);
  } else if (is_held_) {
    show(LocalState::Paused, held_at_);
  } else if (session != nullptr && session->is_paused()) {
    show(LocalState::Paused, session->paused_at());
  } else if (idle_at_) {
    show(LocalState::Idle, idle_at_);
  }
  return status;
}

/// Waits while somebody on this machine wants no jobs taken.
asio::awaitable<void> Slot::wait_while_held() {
  while (is_held_ && !stop_.is_set()) {
    if (session_ != nullptr) session_->rest();
    interrupt_.reset();
    co_await interrupt_.wait();
  }
}

std::optional<std::chrono::nanoseconds> Slot::idle_since() const {
  if (!idle_since_ || session_ == nullptr || session_->is_paused()) return std::nullopt;
  return std::max(*idle_since_, session_->resumed_at());
}

void Slot::stop_now() {
  is_forced_ = true;
  stop();
  for (auto& carried : carried_) carried.run->cancel(supervise::CancelReason::AgentStop);
}

asio::awaitable<Result<void>> Slot::run() {
  co_await run_adopted();
  auto ended = co_await take_jobs();
  idle_since_.reset();
  if (session_ != nullptr) co_await session_->close();
  session_.reset();
  co_await tasks_.join();
  is_over_ = true;
  co_return ended;
}

/// Starts every adopted job and waits until none of them needs the slot.
asio::awaitable<void> Slot::run_adopted() {
  std::vector<Carried*> begun;
  for (auto& record : std::exchange(adopted_, {})) {
    if (name_.empty()) name_ = record.name;
    std::string job = record.job;
    if (!job.empty() && job == parts_.config.acquire_job)
      has_asked_to_acquire_ = is_leaving_ = true;
    auto session = Session::resume(parts_, std::move(record));
    if (!job.empty()) {
      begun.push_back(&carry(std::move(session), std::move(job), JobRun::Origin::Adopted));
    } else if (session_ == nullptr) {
      session_ = std::move(session);
    } else {
      co_await session->close();
    }
  }
  for (auto& job : std::exchange(orphans_, {})) {
    begun.push_back(&carry(nullptr, std::move(job), JobRun::Origin::Adopted));
  }
  for (Carried* carried : begun) co_await settle(*carried);
}

asio::awaitable<Result<void>> Slot::take_jobs() {
  while (!stop_.is_set()) {
    if (is_leaving_ && session_ == nullptr) break;  // it is with a job that is being delivered
    auto ready = co_await need_session();
    if (!ready) {
      if (stop_.is_set()) break;
      co_return ready;
    }
    co_await wait_while_held();
    if (stop_.is_set()) break;
    if (!parts_.config.acquire_job.empty() && !std::exchange(has_asked_to_acquire_, true)) {
      co_await run_job(parts_.config.acquire_job, JobRun::Origin::Acquired);
      continue;
    }
    Offer offer = co_await wait_for_offer();
    if (std::holds_alternative<NoMoreWork>(offer)) {
      if (!interrupt_.is_set()) break;  // the server said so
      interrupt_.reset();
      continue;
    }
    if (auto* failed = std::get_if<SessionFailed>(&offer)) {
      if (failed->error.native() == wire::kHeldElsewhere) {
        co_await session_->forget();  // to disconnect it is for whoever holds it
        session_.reset();
      }
      co_return failed->error;
    }
    if (auto* refused = std::get_if<SessionRefused>(&offer)) {
      co_await replace_session(refused->error);
      continue;
    }
    std::string& job = std::get<JobOffered>(offer).job;
    // Another slot may have begun it since this one was offered it: both answers came at once.
    if (parts_.jobs_in_hand.contains(job)) continue;
    co_await run_job(std::move(job), JobRun::Origin::Offered);
  }
  co_return success();
}

/// Gives up a session that the server refuses, so that the slot registers another: at once, or
/// later when this one is young, for a server that refuses them all must not be flooded.
asio::awaitable<void> Slot::replace_session(Error refused) {
  const auto age = parts_.clock.since_boot() - registered_at_;
  const auto wait = std::max(kRefusedPause - age, std::chrono::nanoseconds(0));
  diag::notice("the server does not know the session, registering anew",
               {{"agent", session_->record().name},
                {"error", refused.message()},
                {"in_s", std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count())}});
  co_await session_->forget();
  session_.reset();
  if (wait.count() > 0) co_await net::until(stop_, parts_.timers.sleep(wait));
}

asio::awaitable<Offer> Slot::wait_for_offer() {
  if (is_leaving_) session_->leave();
  idle_since_ = parts_.clock.since_boot();
  idle_at_ = parts_.clock.now();
  Offer offer = co_await session_->next_offer(interrupt_);
  idle_since_.reset();
  idle_at_.reset();
  co_return offer;
}

/// Makes sure that there is an idle session.
asio::awaitable<Result<void>> Slot::need_session() {
  if (session_ != nullptr) co_return success();
  const bool is_first = name_.empty();
  OSTLER_CO_TRY(session_, co_await Session::open(parts_, number_, name_, !is_first, stop_));
  registered_at_ = parts_.clock.since_boot();
  if (is_first) {
    name_ = session_->record().name;
    diag::notice("waiting for jobs", {{"agent", name_}, {"endpoint", session_->record().endpoint}});
  }
  co_return success();
}

Slot::Carried& Slot::carry(std::unique_ptr<Session> session, std::string job,
                           JobRun::Origin origin) {
  auto run = std::make_unique<JobRun>(parts_, session.get(), std::move(job));
  Carried& carried =
      carried_.emplace_back(Carried{std::move(session), std::move(run), parts_.clock.now()});
  if (is_forced_) carried.run->cancel(supervise::CancelReason::AgentStop);
  tasks_.spawn(carried.run->run(origin));
  return carried;
}

/// Runs a job until the slot is free of it.
asio::awaitable<void> Slot::run_job(std::string job, JobRun::Origin origin) {
  const bool is_only_one = origin == JobRun::Origin::Acquired || parts_.config.disconnect_after_job;
  Carried& carried = carry(std::move(session_), std::move(job), origin);
  co_await carried.run->freed().wait();
  if (is_only_one && (carried.run->was_accepted() || origin == JobRun::Origin::Acquired)) {
    is_leaving_ = true;
  }
  co_await settle(carried);
  co_await wait_for_room();
}

/// Waits until a job has freed the slot. Takes its session back if it is delivered soon after,
/// else leaves both to the background.
asio::awaitable<void> Slot::settle(Carried& carried) {
  co_await carried.run->freed().wait();
  const bool is_over = co_await carried.run->over().wait(kDeliveryPatience);
  if (is_over) note_end(*carried.run);
  if (is_over && session_ == nullptr && carried.session != nullptr) {
    session_ = std::move(carried.session);
    drop(carried);
    co_return;
  }
  if (carried.session != nullptr) carried.session->rest();
  if (!is_over) diag::notice("a finished job waits for the server", {{"job", carried.run->job()}});
  tasks_.spawn(see_delivered(carried));
}

void Slot::note_end(const JobRun& run) {
  if (run.job() != parts_.config.acquire_job) return;
  acquisition_ = {run.refusal(), run.exit_status()};
}

void Slot::drop(const Carried& carried) {
  carried_.remove_if([&carried](const Carried& one) { return &one == &carried; });
}

/// Delivers in the background; the session was for this job only.
asio::awaitable<void> Slot::see_delivered(Carried& carried) {
  co_await carried.run->over().wait();
  note_end(*carried.run);
  if (carried.session != nullptr) co_await carried.session->close();
  drop(carried);
  delivered_.set();
}

/// Waits while too many finished jobs wait for the server.
asio::awaitable<void> Slot::wait_for_room() {
  const auto most = static_cast<std::size_t>(parts_.config.max_undelivered);
  if (carried_.size() <= most || stop_.is_set()) co_return;
  diag::warn("no more jobs until the server takes what is finished",
             {{"slot", std::to_string(number_)}, {"undelivered", std::to_string(carried_.size())}});
  while (carried_.size() > most && !stop_.is_set()) {
    delivered_.reset();
    co_await net::until(stop_, delivered_.wait());
  }
}

}  // namespace ostler::daemon
