// SPDX-License-Identifier: Apache-2.0
#include "daemon/slot.hpp"

#include "diag/log.hpp"
#include "net/until.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// How long a slot waits for the acknowledged finish before it registers another session.
constexpr auto kDeliveryPatience = 2s;

}  // namespace

Slot::Slot(AgentParts& parts, int number)
    : parts_(parts),
      number_(number),
      stop_(parts.strand),
      delivered_(parts.strand),
      tasks_(parts.strand) {}

void Slot::adopt(SessionRecord session) { adopted_.push_back(std::move(session)); }

void Slot::adopt_orphan(std::string job) { orphans_.push_back(std::move(job)); }

void Slot::stop_now() {
  is_forced_ = true;
  stop_.set();
  for (auto& carried : carried_) carried.run->cancel(supervise::CancelReason::AgentStop);
}

asio::awaitable<Result<void>> Slot::run() {
  co_await run_adopted();
  auto ended = co_await take_jobs();
  idle_since_.reset();
  if (session_ != nullptr) co_await session_->close();
  session_.reset();
  co_await tasks_.join();
  co_return ended;
}

/// Starts every adopted job and waits until none of them needs the slot.
asio::awaitable<void> Slot::run_adopted() {
  std::vector<Carried*> begun;
  for (auto& record : std::exchange(adopted_, {})) {
    if (name_.empty()) name_ = record.name;
    std::string job = record.job;
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
    auto ready = co_await need_session();
    if (!ready) {
      if (stop_.is_set()) break;
      co_return ready;
    }
    idle_since_ = parts_.clock.since_boot();
    Offer offer = co_await session_->next_offer(stop_);
    idle_since_.reset();
    if (std::holds_alternative<NoMoreWork>(offer)) break;
    if (auto* refused = std::get_if<SessionRefused>(&offer)) {
      diag::notice("the server does not know the session, registering anew",
                   {{"agent", session_->record().name}, {"error", refused->error.message()}});
      co_await session_->forget();
      session_.reset();
      continue;
    }
    co_await run_job(std::move(std::get<JobOffered>(offer).job));
  }
  co_return success();
}

/// Makes sure that there is an idle session.
asio::awaitable<Result<void>> Slot::need_session() {
  if (session_ != nullptr) co_return success();
  const bool is_first = name_.empty();
  OSTLER_CO_TRY(session_, co_await Session::open(parts_, number_, name_, !is_first, stop_));
  if (is_first) {
    name_ = session_->record().name;
    diag::notice("waiting for jobs", {{"agent", name_}, {"endpoint", session_->record().endpoint}});
  }
  co_return success();
}

Slot::Carried& Slot::carry(std::unique_ptr<Session> session, std::string job,
                           JobRun::Origin origin) {
  auto run = std::make_unique<JobRun>(parts_, session.get(), std::move(job));
  Carried& carried = carried_.emplace_back(Carried{std::move(session), std::move(run)});
  if (is_forced_) carried.run->cancel(supervise::CancelReason::AgentStop);
  tasks_.spawn(carried.run->run(origin));
  return carried;
}

/// Runs a job until the slot is free of it.
asio::awaitable<void> Slot::run_job(std::string job) {
  Carried& carried = carry(std::move(session_), std::move(job), JobRun::Origin::Offered);
  co_await carried.run->freed().wait();
  if (carried.run->was_accepted() && parts_.config.disconnect_after_job) stop_.set();
  co_await settle(carried);
  co_await wait_for_room();
}

/// Waits until a job has freed the slot. Takes its session back if it is delivered soon after,
/// else leaves both to the background.
asio::awaitable<void> Slot::settle(Carried& carried) {
  co_await carried.run->freed().wait();
  const bool is_over = co_await carried.run->over().wait(kDeliveryPatience);
  if (is_over && session_ == nullptr && carried.session != nullptr) {
    session_ = std::move(carried.session);
    drop(carried);
    co_return;
  }
  if (!is_over) diag::notice("a finished job waits for the server", {{"job", carried.run->job()}});
  tasks_.spawn(see_delivered(carried));
}

void Slot::drop(const Carried& carried) {
  carried_.remove_if([&carried](const Carried& one) { return &one == &carried; });
}

/// Delivers in the background; the session was for this job only.
asio::awaitable<void> Slot::see_delivered(Carried& carried) {
  co_await carried.run->over().wait();
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
