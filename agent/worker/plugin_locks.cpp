// SPDX-License-Identifier: Apache-2.0
#include "worker/plugin_locks.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>

#include "base/uuid.hpp"
#include "log/lines.hpp"
#include "wire/agent_api_plugin_locks.hpp"
#include "worker/api_call.hpp"
#include "worker/state_calls.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using plugin_host::CallDone;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

/// After this the log says for whom the job waits.
constexpr seconds kSilentWait{3};
constexpr seconds kLongestPoll{30};
/// A server that holds no call open is asked no more often than this.
constexpr seconds kShortestPoll{1};
constexpr std::size_t kLongestHolderAddress = 512;

/// A server that is away answers again while somebody waits for the lock.
constexpr agent_client::RetryPolicy kTakePolicy{.attempts = agent_client::policy::kUnlimited,
                                                .base = milliseconds(2000),
                                                .jitter = milliseconds(1000)};

std::string plain_address(std::string text) {
  text.resize(std::min(text.size(), kLongestHolderAddress));
  for (char& c : text) {
    if (c <= ' ' || c > '~') c = '?';
  }
  return text.empty() ? "another job" : "job " + text;
}

}  // namespace

struct PluginLocks::State {
  struct Wait {
    std::string name;
    milliseconds longest;
    std::string request = Uuid::make().str();
    steady_clock::time_point begun = steady_clock::now();
    std::shared_ptr<ApiCall> call = {};
    std::shared_ptr<asio::steady_timer> pause = {};
    bool is_given_up = false;

    milliseconds left() const {
      if (longest == plugin_host::kWaitForEver) return kLongestPoll;
      const auto spent = std::chrono::floor<milliseconds>(steady_clock::now() - begun);
      return std::max(longest - spent, milliseconds(0));
    }
  };
  using Waits = std::vector<std::shared_ptr<Wait>>;
  using Held = std::map<std::string, std::string>::node_type;

  JobContext& job;
  Waits waits = {};

  asio::awaitable<Result<std::string>> wait_for(Wait& wait) const;
  asio::awaitable<Result<wire::LockAnswer>> poll(Wait& wait, seconds limit) const;
  asio::awaitable<void> pace(Wait& wait, steady_clock::time_point asked) const;
  asio::awaitable<Result<void>> leave(std::string request) const;
  static asio::awaitable<void> acquire(std::shared_ptr<State> self, std::shared_ptr<Wait> wait,
                                       CallDone done);
  static asio::awaitable<void> release(std::shared_ptr<State> self, Held held, CallDone done);
  static asio::awaitable<void> give_up(std::shared_ptr<State> self, std::string request);
};

asio::awaitable<Result<wire::LockAnswer>> PluginLocks::State::poll(Wait& wait,
                                                                   seconds limit) const {
  agent_client::RetryPolicy policy = kTakePolicy;
  if (wait.longest != plugin_host::kWaitForEver) policy.total = wait.left() + kSilentWait;
  wait.call = std::make_shared<ApiCall>(
      job.executor, job.link,
      job_request(job.document.job_id, "POST",
                  "ostler/locks/take?wait=" + std::to_string(limit.count()),
                  wire::encode(wire::LockRequest{wait.name, wait.request})),
      policy);
  if (wait.is_given_up) wait.call->abandon();
  OSTLER_CO_TRY(const std::string body, co_await wait.call->make());
  co_return wire::decode_lock_answer(body);
}

asio::awaitable<Result<void>> PluginLocks::State::leave(std::string request) const {
  ApiCall call(job.executor, job.link,
               job_request(job.document.job_id, "POST", "ostler/locks/leave",
                           wire::encode_lock_leave(request)),
               agent_client::policy::kMetaDataSet);
  OSTLER_CO_TRY(co_await call.make());
  co_return success();
}

asio::awaitable<void> PluginLocks::State::pace(Wait& wait, steady_clock::time_point asked) const {
  wait.pause = std::make_shared<asio::steady_timer>(job.executor, asked + kShortestPoll);
  if (!wait.is_given_up) co_await wait.pause->async_wait(asio::as_tuple(asio::use_awaitable));
}

/// The fencing number.
asio::awaitable<Result<std::string>> PluginLocks::State::wait_for(Wait& wait) const {
  for (bool is_told = false; !wait.is_given_up; is_told = true) {
    const seconds limit =
        std::min(is_told ? kLongestPoll : kSilentWait, std::chrono::ceil<seconds>(wait.left()));
    const auto asked = steady_clock::now();
    OSTLER_CO_TRY(auto answer, co_await poll(wait, limit));
    if (answer.fence) co_return std::to_string(*answer.fence);
    if (wait.is_given_up) break;
    const std::string held =
        "the lock " + wait.name + ", held by " + plain_address(std::move(answer.holder));
    if (wait.left() == milliseconds(0)) {
      co_return Error(Errc::Timeout, "did not get " + held);
    }
    co_await pace(wait, asked);
    if (!is_told) job.log.line(log::comment("waits for " + held));
  }
  co_return Error(Errc::Cancelled, "the job was cancelled");
}

asio::awaitable<void> PluginLocks::State::acquire(std::shared_ptr<State> self,
                                                  std::shared_ptr<Wait> wait, CallDone done) {
  auto fence = co_await self->wait_for(*wait);
  std::erase(self->waits, wait);
  if (fence && !wait->is_given_up) {
    self->job.locks.insert_or_assign(wait->name, wait->request);
    co_return done(std::move(fence));
  }
  // What was given up has been left already.
  const bool is_refused = !fence && fence.error().code() == Errc::Conflict;
  if (!wait->is_given_up && !is_refused) (void)co_await self->leave(wait->request);
  done(fence ? Error(Errc::Cancelled, "the job was cancelled") : std::move(fence));
}

/// What the server did not hear of is still held, and can be released again.
asio::awaitable<void> PluginLocks::State::release(std::shared_ptr<State> self, Held held,
                                                  CallDone done) {
  const auto left = co_await self->leave(held.mapped());
  if (!left) self->job.locks.insert(std::move(held));
  done(left ? Result<std::string>(std::string()) : left.error());
}

/// The server ends the call that waits. It frees the lock with the job, should it not hear this.
asio::awaitable<void> PluginLocks::State::give_up(std::shared_ptr<State> self,
                                                  std::string request) {
  (void)co_await self->leave(std::move(request));
}

PluginLocks::PluginLocks(JobContext& job) : state_(std::make_shared<State>(State{job})) {}
PluginLocks::~PluginLocks() = default;

void PluginLocks::begin(const std::string& method, const std::vector<std::string>& arguments,
                        CallDone done) {
  const auto call = plugin_host::read_lock_call(method, arguments);
  if (!call) return done(call.error());
  const auto may = check(call.value().name);
  if (!may) return done(may.error());
  if (call.value().is_acquire) return begin_wait(call.value(), std::move(done));
  auto held = state_->job.locks.extract(call.value().name);
  if (held.empty()) {
    return done(Error(Errc::NotFound, "this job does not hold the lock " + call.value().name));
  }
  state_->job.tasks.spawn(State::release(state_, std::move(held), std::move(done)));
}

/// A name stands in the logs of other jobs, where nothing hides it.
Result<void> PluginLocks::check(const std::string& name) const {
  OSTLER_TRY(check_server_keeps(state_->job, wire::kLockService));
  if (state_->job.log.redacted(name) == name) return success();
  return Error(Errc::Denied, "the name of a lock has a secret of the job in it");
}

/// Each wait holds a connection of the agent.
void PluginLocks::begin_wait(const plugin_host::LockCall& call, CallDone done) {
  if (state_->waits.size() == plugin_host::kMostLockWaits) {
    return done(Error(Errc::Unavailable, "8 calls of this step wait for locks already"));
  }
  const auto wait = std::make_shared<State::Wait>(State::Wait{call.name, call.longest});
  state_->waits.push_back(wait);
  state_->job.tasks.spawn(State::acquire(state_, wait, std::move(done)));
}

void PluginLocks::break_off() {
  for (const auto& wait : state_->waits) {
    if (std::exchange(wait->is_given_up, true)) continue;
    if (wait->call != nullptr) wait->call->abandon();
    if (wait->pause != nullptr) wait->pause->cancel();
    state_->job.tasks.spawn(State::give_up(state_, wait->request));
  }
}

}  // namespace ostler::worker
