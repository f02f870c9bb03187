// SPDX-License-Identifier: Apache-2.0
#include "daemon/agent.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <optional>
#include <stop_token>
#include <vector>

#include "agent_client/api_request.hpp"
#include "daemon/adoption.hpp"
#include "daemon/agent_parts.hpp"
#include "daemon/control_server.hpp"
#include "daemon/health_server.hpp"
#include "daemon/plugin_files.hpp"
#include "daemon/service_calls.hpp"
#include "daemon/slots.hpp"
#include "diag/log.hpp"
#include "files/file.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/listen_address.hpp"
#include "net/task_group.hpp"
#include "net/work_pool.hpp"
#include "process/job_groups.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;

/// Of an agent that was to run one job. Source: job-lifecycle 7.5.
constexpr int kExitNotAcquired = 27;
constexpr int kExitLocked = 28;

Result<void> check_acquire_job(const std::string& job) {
  if (job.empty() || is_usable_job_id(job)) return success();
  return Error(Errc::UserFault, "acquire-job: \"" + job + "\" is no job's id");
}

Result<void> check_build_path(const std::filesystem::path& path) {
  std::error_code ec;
  std::filesystem::create_directories(path, ec);
  if (!ec && ::access(path.c_str(), W_OK | X_OK) == 0) return success();
  const int number = ec ? ec.value() : errno;
  const std::string advice = "; make it writable, or give another --build-path";
  return Error(Errc::Denied, "build path " + path.string() + " cannot be written: " +
                                 std::generic_category().message(number) + advice);
}

/// What the process ends with when it was to acquire a job.
Result<int> acquisition_status(const Slot& slot, const config::AgentConfig& config) {
  const Slot::Acquisition& acquisition = slot.acquisition();
  if (const auto& refusal = acquisition.refusal; refusal && refusal->code() != Errc::Cancelled) {
    const int status = refusal->native();
    if (status != 422 && status != 423) return *refusal;
    diag::error("the job could not be acquired",
                {{"job", config.acquire_job}, {"error", refusal->message()}});
    return status == 423 ? kExitLocked : kExitNotAcquired;
  }
  if (!config.reflect_exit_status) return 0;
  constexpr int kStatusBits = 0xff;
  return acquisition.exit_status.value_or(0) & kStatusBits;
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

std::string queue_of(const config::AgentConfig& config) {
  constexpr std::string_view kQueue = "queue=";
  for (const auto& tag : config.tags) {
    if (tag.starts_with(kQueue)) return tag.substr(kQueue.size());
  }
  return "default";
}

/// Where the agent can be seen and steered from outside.
class Doors {
 public:
  Doors(AgentParts& parts, AgentSteering& agent)
      : parts_(parts),
        control_(agent, parts.timers, parts.strand),
        health_(agent, parts.metrics, parts.clock),
        control_server_(parts.strand, control_),
        health_server_(parts.strand, health_) {}

  /// Errors: those of listening; UserFault naming health-check-addr.
  Result<void> open() {
    OSTLER_TRY(auto control, net::listen_on_unix(parts_.runtime.control_socket()));
    OSTLER_TRY(auto health, listen_for_monitors());
    OSTLER_TRY(parts_.state.name_control_socket(parts_.runtime.control_socket()));
    control_server_.serve(std::move(control));
    if (health) health_server_.serve(std::move(*health));
    return success();
  }

  asio::awaitable<void> close() {
    constexpr std::chrono::milliseconds kGrace{500};
    co_await control_server_.stop(kGrace);
    co_await health_server_.stop(kGrace);
    co_await control_.close();
    parts_.state.forget_control_socket();
    ::unlink(parts_.runtime.control_socket().c_str());
  }

 private:
  Result<std::optional<net::Listener>> listen_for_monitors() const {
    const std::string& text = parts_.config.health_check_addr;
    if (text.empty()) return std::nullopt;
    auto address = net::parse_listen_address(text);
    if (!address) return std::move(address).error().with_context("health-check-addr");
    const auto& [host, port] = address.value();
    auto listener = net::listen_on_tcp(host, port);
    if (!listener) return std::move(listener).error().with_context("health-check-addr");
    diag::notice("health server listens",
                 {{"host", host}, {"port", std::to_string(listener.value().port)}});
    return std::optional(std::move(listener).value());
  }

  AgentParts& parts_;
  ControlServer control_;
  HealthServer health_;
  net::HttpServer control_server_;
  net::HttpServer health_server_;
};

asio::awaitable<void> live(Slots& slots, Doors& doors, std::stop_source& upkeep) {
  co_await slots.run();
  upkeep.request_stop();
  co_await doors.close();
}

}  // namespace

Result<int> run_agent(const config::AgentConfig& config, const std::filesystem::path& program) {
  const SystemClock clock;
  OSTLER_TRY(check_acquire_job(config.acquire_job));
  OSTLER_TRY(check_build_path(config.build_path));
  OSTLER_TRY(const auto state, StateDirectory::open(config.state_path, clock));
  OSTLER_TRY(const auto runtime, RuntimeDirectory::open(state.path(), config.sockets_path));
  warn_about(config);
  asio::io_context io(1);
  net::WorkPool pool;
  net::WorkPool service_pool(1);
  net::WorkPool upkeep_pool(1);
  net::HttpClient client(io.get_executor(),
                         {.user_agent = agent_client::user_agent(), .http2 = !config.no_http2});
  net::SystemTimers timers;
  agent_client::AgentApi api(client, timers, clock, state.instance());
  diag::AgentMetrics metrics(config.priority, queue_of(config));
  AgentParts parts{asio::make_strand(io),
                   pool,
                   service_pool,
                   api,
                   timers,
                   clock,
                   state,
                   runtime,
                   config,
                   program,
                   find_groups(),
                   metrics};
  Slots slots(parts);
  if (config.follow_endpoint) {
    OSTLER_TRY(move_leftovers(state, config.endpoint));
  }
  OSTLER_TRY(adopt_leftovers(state, slots.all()));
  look_after_services(state, clock.now());
  Doors doors(parts, slots);
  OSTLER_TRY(doors.open());
  net::TaskGroup root(parts.strand);
  std::stop_source upkeep;
  root.spawn(live(slots, doors, upkeep));
  root.spawn(clear_plugin_files(upkeep_pool, config.plugin_files, upkeep.get_token()));
  io.run();
  if (slots.failure()) return with_advice(*slots.failure());
  diag::notice("stopped");
  if (config.acquire_job.empty()) return 0;
  return acquisition_status(*slots.all().front(), config);
}

}  // namespace ostler::daemon
