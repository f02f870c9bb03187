// SPDX-License-Identifier: Apache-2.0
#include "daemon/agent.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <optional>
#include <vector>

#include "agent_client/api_request.hpp"
#include "daemon/adoption.hpp"
#include "daemon/agent_parts.hpp"
#include "daemon/lock_service.hpp"
#include "daemon/slot.hpp"
#include "daemon/stop_signals.hpp"
#include "diag/log.hpp"
#include "files/file.hpp"
#include "net/http_client.hpp"
#include "net/task_group.hpp"
#include "net/work_pool.hpp"
#include "process/job_groups.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// The slots of one agent and what stops them.
class Slots final : public StopListener {
 public:
  Slots(AgentParts& parts, int count)
      : parts_(parts), locks_(parts), tasks_(parts.strand), watches_(parts.strand) {
    for (int number = 1; number <= count; ++number) {
      slots_.push_back(std::make_unique<Slot>(parts, number));
    }
  }

  const std::vector<std::unique_ptr<Slot>>& all() const { return slots_; }

  void stop() override {
    for (auto& slot : slots_) slot->stop();
  }
  void stop_now() override {
    for (auto& slot : slots_) slot->stop_now();
  }

  /// Runs the slots until all have ended. The first that fails stops the others.
  asio::awaitable<void> run() {
    const auto patience =
        parts_.config.cancel_signal_timeout + parts_.config.cancel_cleanup_timeout + 1s;
    watches_.spawn(serve_signals(*this, patience));
    watches_.spawn(locks_.run());
    if (parts_.config.disconnect_after_idle_timeout.count() > 0) watches_.spawn(stop_when_idle());
    for (auto& slot : slots_) tasks_.spawn(run_one(*slot));
    co_await tasks_.join();
    watches_.cancel();
    co_await watches_.join();
  }

  const std::optional<Error>& failure() const { return failure_; }

 private:
  asio::awaitable<void> run_one(Slot& slot) {
    const auto ended = co_await slot.run();
    if (ended) co_return;
    if (!failure_) failure_ = ended.error();
    stop();
  }

  asio::awaitable<void> stop_when_idle() {
    while (co_await parts_.timers.sleep(1s)) {
      if (!is_idle_long_enough()) continue;
      diag::notice("idle for long enough, stopping");
      co_return stop();
    }
  }

  bool is_idle_long_enough() const {
    const auto now = parts_.clock.since_boot();
    for (const auto& slot : slots_) {
      const auto since = slot->idle_since();
      if (!since || now - *since < parts_.config.disconnect_after_idle_timeout) return false;
    }
    return true;
  }

  AgentParts& parts_;
  LockService locks_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::optional<Error> failure_;
  net::TaskGroup tasks_;
  net::TaskGroup watches_;
};

Result<void> check_build_path(const std::filesystem::path& path) {
  std::error_code ec;
  std::filesystem::create_directories(path, ec);
  if (!ec && ::access(path.c_str(), W_OK | X_OK) == 0) return success();
  const int number = ec ? ec.value() : errno;
  const std::string advice = "; make it writable, or give another --build-path";
  return Error(Errc::Denied, "build path " + path.string() + " cannot be written: " +
                                 std::generic_category().message(number) + advice);
}

Error with_advice(const Error& refused) {
  if (refused.code() != Errc::Denied) return refused;
  return Error(refused.code(), refused.message() + "; check --token and --endpoint");
}

/// Where jobs get their control groups; empty on machines without. Without accounting of memory
/// there a job that the kernel killed for lack of it looks like any other that was killed.
std::filesystem::path find_groups() {
  const auto groups = process::find_job_groups();
  if (!groups) return {};
  const auto accounted = process::account_memory(*groups);
  if (!accounted) {
    diag::info("kills for lack of memory cannot be told from others",
               {{"reason", accounted.error().message()}});
  }
  return *groups;
}

void warn_about(const config::AgentConfig& config) {
  for (const auto& place : config.unknown_settings) {
    diag::warn("a setting is not known and has no effect", {{"setting", place}});
  }
  if (::getpid() == 1) {
    diag::warn("this agent is process 1 of its container: when it ends, its jobs end with it");
  }
}

}  // namespace

Result<int> run_agent(const config::AgentConfig& config, const std::filesystem::path& program) {
  const SystemClock clock;
  OSTLER_TRY(check_build_path(config.build_path));
  OSTLER_TRY(const auto state, StateDirectory::open(config.state_path, clock));
  OSTLER_TRY(const auto runtime, RuntimeDirectory::open(state.path(), config.sockets_path));
  warn_about(config);
  asio::io_context io(1);
  net::WorkPool pool;
  net::HttpClient client(io.get_executor(),
                         {.user_agent = agent_client::user_agent(), .http2 = !config.no_http2});
  net::SystemTimers timers;
  agent_client::AgentApi api(client, timers, clock);
  AgentParts parts{asio::make_strand(io), pool, api, timers, clock, state, runtime, config, program,
                   find_groups()};
  Slots slots(parts, config.spawn);
  OSTLER_TRY(adopt_leftovers(state, slots.all()));
  net::TaskGroup root(parts.strand);
  root.spawn(slots.run());
  io.run();
  if (slots.failure()) return with_advice(*slots.failure());
  diag::notice("stopped");
  return 0;
}

}  // namespace ostler::daemon
