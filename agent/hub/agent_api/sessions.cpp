// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <utility>

#include "crypto/random.hpp"
#include "hub/agent_api/agent_name.hpp"
#include "hub/agent_api/handlers.hpp"
#include "wire/agent_api.hpp"

namespace ostler::agent_api {
namespace {

constexpr std::int64_t kPingSeconds = 2;
constexpr std::int64_t kJobStatusSeconds = 2;
constexpr std::int64_t kHeartbeatSeconds = 60;
/// The lease that an agent of ours is told, unless its queue has one of its own, and what others
/// are given without knowing.
constexpr std::chrono::seconds kLease{600};
constexpr std::chrono::seconds kForeignLease{210};
constexpr std::chrono::seconds kNewPause{15};

bool knows_leases(const net::ServerRequest& request) {
  return request.header("User-Agent").starts_with("ostler/");
}

std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc() || stop != end) return std::nullopt;
  return number;
}

model::AgentDescription description_of(const Call& call, const wire::RegisterRequest& asked) {
  const NameParts parts{asked.hostname, asked.pid, crypto::random_token(6)};
  return {.name = agent_name(asked.name, parts),
          .hostname = asked.hostname,
          .os = asked.os,
          .arch = asked.arch,
          .version = asked.version,
          .build = asked.build,
          .user_agent = std::string(call.request.header("User-Agent")),
          .ip_address = call.request.peer->address(),
          .machine_id = asked.machine_id,
          .tags = asked.meta_data,
          .features = asked.features,
          .priority = number_in(asked.priority),
          .pid = asked.pid,
          .ignore_in_dispatches = asked.ignore_in_dispatches};
}

std::chrono::nanoseconds time_until(const Backend& backend, std::chrono::nanoseconds until) {
  return std::max(until - backend.clock.since_boot(), std::chrono::nanoseconds(0));
}

/// Why the agent is paused: agents log it with every answer it is in, and some ask every second.
std::string pause_note(const model::Agent& agent, bool knows_pause, Timestamp now) {
  const bool is_new = agent.pause && !knows_pause && now - agent.pause->since < kNewPause;
  return is_new ? agent.pause->note : "";
}

}  // namespace

Answer register_agent(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto asked, wire::decode_register_request(call.body));
  store::RegisterAgent command{.holder = *call.registration,
                               .description = description_of(call, asked),
                               .lease = knows_leases(call.request) ? kLease : kForeignLease,
                               .takes_lease_of_queue = knows_leases(call.request),
                               .instance = std::string(call.request.header(wire::kInstanceHeader)),
                               .now = backend.clock.now()};
  OSTLER_CO_TRY(auto made, co_await backend.store.register_agent(std::move(command)));
  wire::RegisterResponse answer;
  answer.id = made.agent.id.str();
  answer.name = made.agent.description.name;
  answer.access_token = made.session_token;
  answer.ping_interval = kPingSeconds;
  answer.job_status_interval = kJobStatusSeconds;
  answer.heartbeat_interval = kHeartbeatSeconds;
  answer.meta_data = made.agent.description.tags;
  answer.lease_seconds = made.agent.lease.count();
  auto response = ok(wire::encode(answer));
  response.headers.emplace_back(wire::kWaitHeader, "1");
  co_return response;
}

Answer connect(const Backend& backend, Call call) {
  OSTLER_CO_TRY(co_await backend.store.connect_agent({call.agent, backend.clock.now()}));
  co_return ok(R"({"connection_state":"connected"})");
}

Answer disconnect(const Backend& backend, Call call) {
  OSTLER_CO_TRY(co_await backend.store.disconnect_agent({call.agent, backend.clock.now()}));
  co_return ok(R"({"connection_state":"disconnected"})");
}

Answer ping(const Backend& backend, Call call) {
  const auto limit = wait_of(call);
  if (limit.count() > 0) {
    co_await hub::enable_total_cancellation();
    call.request.peer->cancel_on_hang_up();
  }
  hub::AgentWatch::Entry entry(backend.agent_watch, call.agent, co_await hub::this_executor());
  const auto until = backend.clock.since_boot() + limit;
  const bool knows_pause = call.request.parameter(wire::kPausedParameter) == "1";
  const auto known = knows_pause ? wire::PingAction::Pause : wire::PingAction::Idle;
  wire::PingResponse answer;
  for (;;) {
    OSTLER_CO_TRY(auto agent, co_await backend.store.agent(call.agent));
    answer.action = action_for(agent);
    answer.message = pause_note(agent, knows_pause, backend.clock.now());
    const bool is_news = answer.action != known;
    const auto left = is_news ? std::chrono::nanoseconds(0) : time_until(backend, until);
    bool is_superseded = false;
    if (may_be_offered_a_job(agent)) {
      const auto turn = co_await backend.dispatch.next_job(std::move(agent), entry.waiter(), left);
      if (turn.job) answer.job_id = turn.job->str();
      is_superseded = turn.is_superseded;
    } else if (left.count() > 0) {
      co_await entry.waiter()->wait(left);
    }
    const bool is_over =
        left.count() == 0 || answer.job_id || is_superseded || co_await hub::is_cancelled();
    if (is_over) co_return ok(wire::encode(answer));
  }
}

Answer heartbeat(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto request, wire::decode_heartbeat_request(call.body));
  const Timestamp now = backend.clock.now();
  OSTLER_CO_TRY(co_await backend.store.heartbeat({call.agent, now}));
  co_return ok(wire::encode(wire::HeartbeatResponse{request.sent_at, format_rfc3339(now)}));
}

}  // namespace ostler::agent_api
