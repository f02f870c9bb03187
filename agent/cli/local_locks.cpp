// SPDX-License-Identifier: Apache-2.0
#include "cli/local_locks.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <map>

#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "files/file_lock.hpp"
#include "net/task_group.hpp"
#include "plugin_host/lock_call.hpp"

namespace ostler::cli {

namespace asio = boost::asio;
using files::FileLock;
using plugin_host::CallDone;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kBetweenTries{100};
/// After this the log says that the run waits.
constexpr std::chrono::seconds kSilentLockWait{3};
constexpr std::size_t kMostHeld = 64;

/// One more than the number that the locked file has, which it has then.
Result<std::string> next_fence(const FileLock& lock) {
  char text[32] = {};
  const ssize_t size = ::pread(lock.fd(), text, sizeof text - 1, 0);
  std::int64_t fence = 0;
  if (size > 0) std::from_chars(text, text + size, fence);
  const std::string next = std::to_string(fence + 1);
  const bool is_kept = size >= 0 && ::pwrite(lock.fd(), next.data(), next.size(), 0) ==
                                        static_cast<ssize_t>(next.size());
  if (!is_kept) return Error::from_errno(errno, "keep the number of a lock");
  return next;
}

Error given_up() { return {Errc::Cancelled, "the run was cancelled"}; }

}  // namespace

struct LocalLocks::State {
  struct Wait {
    plugin_host::LockCall call;
    asio::steady_timer pause;
    steady_clock::time_point begun = steady_clock::now();
    bool is_given_up = false;

    bool is_over() const {
      return call.longest != plugin_host::kWaitForEver &&
             steady_clock::now() - begun >= call.longest;
    }
  };

  asio::any_io_executor executor;
  std::filesystem::path directory;
  std::function<void(const std::string&)> tell;
  net::TaskGroup tasks{executor};
  std::map<std::string, FileLock> held = {};
  std::vector<std::shared_ptr<Wait>> waits = {};

  Result<void> check(const plugin_host::LockCall& call) const;
  void release(const std::string& name, CallDone done);
  asio::awaitable<Result<std::string>> wait_for(Wait& wait);
  static asio::awaitable<void> acquire(std::shared_ptr<State> self, std::shared_ptr<Wait> wait,
                                       CallDone done);
};

Result<void> LocalLocks::State::check(const plugin_host::LockCall& call) const {
  const bool is_waited_for =
      std::ranges::any_of(waits, [&](const auto& wait) { return wait->call.name == call.name; });
  if (is_waited_for || held.contains(call.name)) {
    return Error(Errc::Conflict, "this run holds the lock, or waits for it, already: " + call.name);
  }
  if (waits.size() == plugin_host::kMostLockWaits) {
    return Error(Errc::Unavailable, "8 calls of this step wait for locks already");
  }
  if (held.size() + waits.size() < kMostHeld) return success();
  return Error(Errc::Internal, "this run has 64 locks");
}

/// A file each, by the digest of its name, which may have slashes.
asio::awaitable<Result<std::string>> LocalLocks::State::wait_for(Wait& wait) {
  const std::string& name = wait.call.name;
  for (bool is_told = false; !wait.is_given_up;) {
    auto lock = FileLock::try_acquire(directory / crypto::sha256_hex(name));
    if (lock) {
      OSTLER_CO_TRY(std::string fence, next_fence(lock.value()));
      held.emplace(name, std::move(lock).value());
      co_return fence;
    }
    if (lock.error().code() != Errc::Conflict) co_return lock.error();
    if (wait.is_over()) {
      co_return Error(Errc::Timeout, "did not get the lock " + name + ", held by another run");
    }
    if (!is_told && steady_clock::now() - wait.begun >= kSilentLockWait) {
      tell("waits for the lock " + name + ", held by another run");
      is_told = true;
    }
    wait.pause.expires_after(kBetweenTries);
    co_await wait.pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_return given_up();
}

asio::awaitable<void> LocalLocks::State::acquire(std::shared_ptr<State> self,
                                                 std::shared_ptr<Wait> wait, CallDone done) {
  auto fence = co_await self->wait_for(*wait);
  std::erase(self->waits, wait);
  done(std::move(fence));
}

void LocalLocks::State::release(const std::string& name, CallDone done) {
  if (held.erase(name) == 1) return done(std::string());
  done(Error(Errc::NotFound, "this run does not hold the lock " + name));
}

LocalLocks::LocalLocks(const asio::any_io_executor& executor, std::filesystem::path directory,
                       std::function<void(const std::string&)> tell)
    : state_(new State{executor, std::move(directory), std::move(tell)}) {}

LocalLocks::~LocalLocks() = default;

void LocalLocks::begin(const std::string& method, const std::vector<std::string>& arguments,
                       CallDone done) {
  const auto call = plugin_host::read_lock_call(method, arguments);
  if (!call) return done(call.error());
  if (!call.value().is_acquire) return state_->release(call.value().name, std::move(done));
  const auto may = state_->check(call.value());
  if (!may) return done(may.error());
  const auto made = files::ensure_private_directory(state_->directory);
  if (!made) return done(made.error());
  const auto wait = std::make_shared<State::Wait>(
      State::Wait{call.value(), asio::steady_timer(state_->executor)});
  state_->waits.push_back(wait);
  state_->tasks.spawn(State::acquire(state_, wait, std::move(done)));
}

void LocalLocks::break_off() {
  for (const auto& wait : state_->waits) {
    wait->is_given_up = true;
    wait->pause.cancel();
  }
}

asio::awaitable<void> LocalLocks::end() {
  break_off();
  co_await state_->tasks.join();
  state_->held.clear();
}

}  // namespace ostler::cli
