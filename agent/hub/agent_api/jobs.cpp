// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "hub/agent_api/handlers.hpp"
#include "wire/agent_api.hpp"
#include "wire/agent_api_events.hpp"
#include "wire/agent_api_plugin_state.hpp"
#include "wire/end_cause.hpp"
#include "wire/json_reader.hpp"

namespace ostler::agent_api {
namespace {

constexpr std::int64_t kChunkBytes = 1 << 20;
constexpr std::int64_t kChunkSeconds = 1;
/// When an agent asks again for a job that waits for others, or whose queue is paused.
constexpr int kLockedSeconds = 5;
/// What it keeps for step plugins: those of wire/agent_api_plugin_*.hpp. Events are announced
/// apart.
constexpr std::string_view kServices = "state,lock,secret-put";

wire::JobState wire_state(model::JobState state) {
  switch (state) {
    case model::JobState::Waiting:
    case model::JobState::Limited:
    case model::JobState::Scheduled: return wire::JobState::Scheduled;
    case model::JobState::Accepted: return wire::JobState::Accepted;
    case model::JobState::Running: return wire::JobState::Running;
    case model::JobState::Finished: return wire::JobState::Finished;
    case model::JobState::TimingOut: return wire::JobState::TimingOut;
    case model::JobState::TimedOut: return wire::JobState::TimedOut;
    case model::JobState::Canceling: return wire::JobState::Canceling;
    case model::JobState::Broken:
    case model::JobState::WaitingFailed:
    case model::JobState::Expired:
    case model::JobState::Skipped:
    case model::JobState::Canceled: return wire::JobState::Canceled;
    case model::JobState::Blocked:
    case model::JobState::BlockedFailed:
    case model::JobState::Unblocked: break;  // no agent is ever given one
  }
  return wire::JobState::Other;
}

/// Whether an agent that asks has something to do: stop the job, or let go of it.
bool calls_for_action(model::JobState state) {
  return state != model::JobState::Accepted && state != model::JobState::Running;
}

std::string step_json(const model::Step& step) {
  nlohmann::json object = {{"command", step.command}};
  wire::put_unless_empty(object, "key", step.key);
  wire::put_unless_empty(object, "label", step.label);
  const std::pair<const char*, const std::string&> parts[] = {{"signature", step.carried.signature},
                                                              {"secrets", step.carried.secrets},
                                                              {"checkout", step.carried.checkout}};
  for (const auto& [name, text] : parts) {
    if (!text.empty()) object[name] = nlohmann::json::parse(text, nullptr, false);
  }
  return wire::to_text(object);
}

wire::Job wire_job(store::AcceptedJob accepted, std::int64_t log_limit) {
  wire::Job job;
  job.id = accepted.job.id.str();
  job.state = wire_state(accepted.job.state);
  for (auto& [name, value] : accepted.env) job.env.emplace(name, std::move(value));
  job.token = std::move(accepted.token);
  job.chunks_max_size_bytes = kChunkBytes;
  job.chunks_interval_seconds = kChunkSeconds;
  job.log_max_size_bytes = log_limit;
  job.step = step_json(accepted.job.step);
  job.runnable_at = accepted.job.runnable_at;
  job.priority = accepted.job.priority;
  return job;
}

Result<std::int64_t> query_number(const Call& call, std::string_view name) {
  const std::string text = call.request.parameter(name).value_or("");
  std::int64_t number = -1;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc() || stop != end || number < 0) {
    return Error(Errc::Protocol, "the query needs " + std::string(name) + "=<number>");
  }
  return number;
}

enum class Claim { Accept, Acquire };

/// An acquire that an agent is to try again.
net::ServerResponse locked(std::string_view why) {
  auto response = net::json_response(423, wire::encode_message(std::string(why)));
  response.headers.emplace_back("Retry-After", std::to_string(kLockedSeconds));
  return response;
}

Answer take_job(const Backend& backend, Call call, JobId job, Claim claim) {
  store::AcceptJob command{.agent = call.agent,
                           .job = job,
                           .session_token = call.token,
                           .public_url = backend.public_url,
                           .now = backend.clock.now(),
                           .is_acquire = claim == Claim::Acquire};
  auto accepted = co_await backend.store.accept_job(std::move(command));
  if (!accepted) {
    backend.dispatch.refused(job);
    if (claim == Claim::Acquire && store::is_of_paused_queue(accepted.error())) {
      co_return locked("the job's queue is paused; try again when it is resumed");
    }
    co_return std::move(accepted).error();
  }
  backend.dispatch.accepted(job);
  backend.changes.changed(accepted.value().follow_ups);
  if (accepted.value().waited) {
    backend.metrics.job_accepted(accepted.value().queue, *accepted.value().waited);
  }
  auto response = ok(wire::encode(wire_job(std::move(accepted).value(), backend.log_limit)));
  response.headers.emplace_back(wire::kWaitHeader, "1");
  response.headers.emplace_back(wire::kPluginsHeader, "1");
  response.headers.emplace_back(wire::kServicesHeader, kServices);
  response.headers.emplace_back(wire::kEventsHeader, "1");
  co_return response;
}

/// How much of a job's log can be read, to tell whether a chunk changed that; none when it is not
/// worth a look, or cannot be had.
boost::asio::awaitable<std::optional<std::int64_t>> readable_bytes(const Backend& backend,
                                                                   JobId job, bool is_worth) {
  if (!is_worth) co_return std::nullopt;
  const auto extent = co_await backend.store.log_extent(job);
  if (!extent) co_return std::nullopt;
  co_return extent.value().size;
}

}  // namespace

Answer accept(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, job_of(call));
  if (backend.dispatch.is_offered_elsewhere(job, call.agent)) {
    co_return Error(Errc::Conflict, "the offer has lapsed: the job is offered to another agent");
  }
  co_return co_await take_job(backend, std::move(call), job, Claim::Accept);
}

Answer acquire(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, job_of(call));
  if (call.request.header(wire::kAcquireHeader) != "1") {
    co_return Error(Errc::UserFault,
                    "acquire wants the header " + std::string(wire::kAcquireHeader) + ": 1");
  }
  OSTLER_CO_TRY(const auto found, co_await backend.store.job(job));
  if (found.state == model::JobState::Waiting) {
    co_return locked("the job waits for others; try again when they are over");
  }
  if (found.state == model::JobState::Limited) {
    co_return locked("the job waits for room in its concurrency group; try again later");
  }
  co_return co_await take_job(backend, std::move(call), job, Claim::Acquire);
}

Answer start(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, job_of(call));
  OSTLER_CO_TRY(const auto request, wire::decode_start_request(call.body));
  OSTLER_CO_TRY(const auto change,
                co_await backend.store.start_job({.agent = call.agent,
                                                  .job = job,
                                                  .started_at = request.started_at,
                                                  .now = backend.clock.now()}));
  backend.changes.changed(change.follow_ups);
  co_return ok("{}");
}

Answer append_chunk(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, job_of(call));
  OSTLER_CO_TRY(const auto sequence, query_number(call, "sequence"));
  OSTLER_CO_TRY(const auto offset, query_number(call, "offset"));
  OSTLER_CO_TRY(const auto size, query_number(call, "size"));
  const std::size_t compressed = call.body.size();
  const bool may_be_dropped = offset > backend.log_limit - size;
  const auto readable = co_await readable_bytes(backend, job, may_be_dropped);
  OSTLER_CO_TRY(co_await backend.store.append_chunk({.agent = call.agent,
                                                     .job = job,
                                                     .sequence = sequence,
                                                     .offset = offset,
                                                     .size = size,
                                                     .gzip = std::move(call.body)}));
  backend.metrics.log_acknowledged(size, compressed);
  if (!readable || co_await readable_bytes(backend, job, may_be_dropped) != readable) {
    backend.changes.log_grew(job);
  }
  co_return ok("{}");
}

Answer ignore_header_times(const Backend&, Call) { co_return ok("{}"); }

Answer job_state(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, job_of(call));
  const auto limit = wait_of(call);
  hub::JobWatch::Entry entry(backend.job_watch, job, co_await hub::this_executor());
  OSTLER_CO_TRY(auto found, co_await backend.store.job(job));
  if (found.agent != call.agent) co_return Error(Errc::NotFound, "no such job of this agent");
  model::JobState state = found.state;
  if (limit.count() > 0 && !calls_for_action(state)) {
    co_await hub::enable_total_cancellation();
    call.request.peer->cancel_on_hang_up();
    co_await entry.waiter()->wait(limit);
    OSTLER_CO_TRY(state, co_await backend.store.job_state(job));
  }
  co_return ok(wire::encode(wire::JobStateResponse{wire_state(state)}));
}

Answer finish(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto job, job_of(call));
  OSTLER_CO_TRY(const auto request, wire::decode_finish_request(call.body));
  const auto end_cause = wire::end_cause_of(call.request.header(wire::kEndCauseHeader));
  OSTLER_CO_TRY(
      const auto change,
      co_await backend.store.finish_job(
          {.agent = call.agent,
           .job = job,
           .outcome = {request.exit_status, request.signal, request.signal_reason, end_cause},
           .finished_at = request.finished_at,
           .chunks_failed_count = request.chunks_failed_count,
           .now = backend.clock.now(),
           .ignore_agent_in_dispatches = request.ignore_agent_in_dispatches}));
  backend.changes.changed(change.follow_ups);
  co_return ok("{}");
}

}  // namespace ostler::agent_api
