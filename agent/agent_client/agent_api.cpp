// SPDX-License-Identifier: Apache-2.0
#include "agent_client/agent_api.hpp"

#include <charconv>
#include <cmath>

#include "agent_client/api_request.hpp"
#include "agent_client/path.hpp"
#include "agent_client/status_error.hpp"
#include "wire/agent_api_pipelines.hpp"
#include "wire/agent_api_plugin_state.hpp"
#include "wire/end_cause.hpp"

namespace ostler::agent_client {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// One call before its first attempt.
struct AgentApi::Call {
  std::string_view name;  ///< for the log
  net::HttpRequest request;
  RetryPolicy policy;
  /// Tells the server how many attempts went before, and waits as long as it says between them.
  bool is_paced_by_server = false;
};

template <class T>
struct AgentApi::Answer {
  T value;
  net::HttpHeaders headers;
};

namespace {

struct Ignored {};

Result<Ignored> ignore(std::string_view) { return Ignored{}; }

constexpr RetryPolicy kOnce{};

std::string job_path(const std::string& job, std::string_view rest = {}) {
  return std::string("jobs/").append(path_segment(job)).append(rest);
}

/// `path`, asking the server to hold the call, and a deadline that leaves it the time.
net::HttpRequest waiting_request(const Peer& peer, std::string path, seconds wait) {
  if (wait.count() > 0) path += "?wait=" + std::to_string(wait.count());
  net::HttpRequest request = api_request(peer, "GET", path);
  request.total_timeout += wait;
  request.idle_timeout += wait;
  return request;
}

net::HttpRequest json_request(const Peer& peer, std::string method, std::string_view path,
                              std::string body) {
  net::HttpRequest request = api_request(peer, std::move(method), path);
  set_json_body(request, std::move(body));
  return request;
}

/// The `Retry-After` of an answer, in seconds as a decimal number; none when there is none.
std::optional<milliseconds> retry_after(const Result<net::HttpResponse>& response) {
  if (!response) return std::nullopt;
  const std::string text(response.value().header("Retry-After"));
  double wait = 0;
  const char* end = text.data() + text.size();
  const auto [stop, fault] = std::from_chars(text.data(), end, wait, std::chars_format::fixed);
  constexpr double kLongest = 3600;
  if (text.empty() || fault != std::errc() || stop != end || wait < 0 || wait > kLongest) {
    return std::nullopt;
  }
  return milliseconds(std::llround(wait * 1000));
}

bool offers_wait(const net::HttpHeaders& headers) {
  return net::find_header(headers, wire::kWaitHeader) == "1";
}

bool offers_plugins(const net::HttpHeaders& headers) {
  return net::find_header(headers, wire::kPluginsHeader) == "1";
}

Accepted accepted_of(wire::Job job, const net::HttpHeaders& headers) {
  constexpr std::size_t kLongestServices = 256;
  const std::string_view services = net::find_header(headers, wire::kServicesHeader);
  return {std::move(job), offers_wait(headers), offers_plugins(headers),
          net::find_header(headers, wire::kEventsHeader) == "1",
          std::string(services.substr(0, kLongestServices))};
}

/// What the server said, or why that is of no use.
template <class T>
Result<T> read(std::string_view call, const Result<net::HttpResponse>& response,
               Result<T> (*decode)(std::string_view)) {
  if (!response) return response.error();
  const net::HttpResponse& answer = response.value();
  if (!answer.ok()) return error_of_status(call, answer.status, answer.body);
  auto value = decode(answer.body);
  if (value) return value;
  return std::move(value)
      .error()
      .with_context(std::string(call) + ": unusable answer")
      .with_retryable(true);
}

}  // namespace

template <class T>
AgentApi::Awaitable<AgentApi::Answer<T>> AgentApi::make(Call call,
                                                        Result<T> (*decode)(std::string_view)) {
  Attempts attempts(call.policy, jitter);
  const auto begun = clock_.since_boot();
  for (;;) {
    net::HttpRequest request = call.request;
    if (call.is_paced_by_server) {
      request.headers.emplace_back(wire::kBackoffHeader, std::to_string(attempts.failed()));
    }
    set_time_left(request,
                  attempts.time_left(duration_cast<milliseconds>(clock_.since_boot() - begun)));
    auto response = co_await send(std::move(request));
    auto value = read(call.name, response, decode);
    if (value) {
      outages_.worked(call.name);
      co_return Answer<T>{std::move(value).value(), std::move(response.value().headers)};
    }
    Error error = std::move(value).error();
    if (error.code() == Errc::Cancelled) co_return error;
    const auto elapsed = duration_cast<milliseconds>(clock_.since_boot() - begun);
    auto wait = attempts.next({error.native(), error.retryable()}, elapsed);
    if (wait && call.is_paced_by_server) wait = retry_after(response).value_or(*wait);
    if (error.retryable() && (wait || call.policy.attempts == 1)) outages_.failed(call.name, error);
    if (!wait) co_return error;
    if (!co_await timers_.sleep(*wait)) co_return Error(Errc::Cancelled, "cancelled");
  }
}

AgentApi::Awaitable<net::HttpResponse> AgentApi::send(net::HttpRequest request) {
  if (!instance_.empty()) request.headers.emplace_back(wire::kInstanceHeader, instance_);
  co_return co_await client_.send(std::move(request));
}

AgentApi::Awaitable<void> AgentApi::make(Call call) {
  OSTLER_CO_TRY(co_await make<Ignored>(std::move(call), ignore));
  co_return success();
}

AgentApi::Awaitable<Registered> AgentApi::register_agent(Peer peer, wire::RegisterRequest request) {
  OSTLER_CO_TRY(auto answer,
                co_await make({"register", json_request(peer, "POST", "register", encode(request)),
                               policy::kRegister},
                              wire::decode_register_response));
  co_return Registered{std::move(answer.value), offers_wait(answer.headers)};
}

AgentApi::Awaitable<void> AgentApi::connect(Peer peer) {
  co_return co_await make({"connect", api_request(peer, "POST", "connect"), policy::kConnect});
}

AgentApi::Awaitable<void> AgentApi::disconnect(Peer peer) {
  co_return co_await make(
      {"disconnect", api_request(peer, "POST", "disconnect"), policy::kDisconnect});
}

AgentApi::Awaitable<wire::PingResponse> AgentApi::ping(Peer peer, seconds wait, bool knows_pause) {
  net::HttpRequest request = waiting_request(peer, "ping", wait);
  if (knows_pause && wait.count() > 0) {
    request.url.append("&").append(wire::kPausedParameter).append("=1");
  }
  OSTLER_CO_TRY(auto answer,
                co_await make({"ping", std::move(request), kOnce}, wire::decode_ping_response));
  co_return std::move(answer.value);
}

AgentApi::Awaitable<wire::HeartbeatResponse> AgentApi::heartbeat(Peer peer) {
  const wire::HeartbeatRequest body{format_rfc3339(clock_.now(), 9)};
  OSTLER_CO_TRY(auto answer,
                co_await make({"heartbeat", json_request(peer, "POST", "heartbeat", encode(body)),
                               policy::kHeartbeat},
                              wire::decode_heartbeat_response));
  co_return std::move(answer.value);
}

AgentApi::Awaitable<Accepted> AgentApi::accept(Peer peer, std::string job) {
  OSTLER_CO_TRY(
      auto answer,
      co_await make({"accept", api_request(peer, "PUT", job_path(job, "/accept")), policy::kAccept},
                    wire::decode_job));
  co_return accepted_of(std::move(answer.value), answer.headers);
}

AgentApi::Awaitable<Accepted> AgentApi::acquire(Peer peer, std::string job) {
  net::HttpRequest request = api_request(peer, "PUT", job_path(job, "/acquire"));
  request.headers.emplace_back(wire::kAcquireHeader, "1");
  OSTLER_CO_TRY(auto answer, co_await make({.name = "acquire",
                                            .request = std::move(request),
                                            .policy = policy::kAcquire,
                                            .is_paced_by_server = true},
                                           wire::decode_job));
  co_return accepted_of(std::move(answer.value), answer.headers);
}

AgentApi::Awaitable<void> AgentApi::start(Peer peer, std::string job, Timestamp started_at) {
  co_return co_await make(
      {"start",
       json_request(peer, "PUT", job_path(job, "/start"), encode(wire::StartRequest{started_at})),
       policy::kStart});
}

AgentApi::Awaitable<wire::JobState> AgentApi::job_state(Peer peer, std::string job, seconds wait) {
  OSTLER_CO_TRY(auto answer,
                co_await make({"job state", waiting_request(peer, job_path(job), wait), kOnce},
                              wire::decode_job_state));
  co_return answer.value.state;
}

AgentApi::Awaitable<void> AgentApi::send_chunk(Peer peer, std::string job, LogChunk chunk) {
  const std::string query = "/chunks?sequence=" + std::to_string(chunk.sequence) +
                            "&offset=" + std::to_string(chunk.offset) +
                            "&size=" + std::to_string(chunk.size);
  net::HttpRequest request = api_request(peer, "POST", job_path(job, query));
  request.headers.emplace_back("Content-Type", "text/plain");
  request.headers.emplace_back("Content-Encoding", "gzip");
  request.body = std::move(chunk.gzip);
  co_return co_await make({"log chunk", std::move(request), policy::kChunk});
}

AgentApi::Awaitable<void> AgentApi::send_events(Peer peer, std::string job,
                                                std::vector<wire::JobEvent> events) {
  co_return co_await make(
      {"events",
       json_request(peer, "POST", job_path(job, "/events"), wire::encode_job_events(events)),
       policy::kChunk});
}

AgentApi::Awaitable<void> AgentApi::finish(Peer peer, std::string job,
                                           wire::FinishRequest request) {
  net::HttpRequest call = json_request(peer, "PUT", job_path(job, "/finish"), encode(request));
  if (request.end_cause) {
    call.headers.emplace_back(wire::kEndCauseHeader, wire::end_cause_word(request.end_cause));
  }
  co_return co_await make({"finish", std::move(call), policy::kFinish});
}

AgentApi::Awaitable<net::HttpResponse> AgentApi::forward(Peer peer, ForwardedCall call) {
  net::HttpRequest request = api_request(peer, std::move(call.method), call.path);
  if (!call.content_type.empty()) request.headers.emplace_back("Content-Type", call.content_type);
  if (!call.uuid.empty()) request.headers.emplace_back("Ostler-Request-Uuid", call.uuid);
  if (!call.backoff_sequence.empty()) {
    request.headers.emplace_back(wire::kBackoffHeader, call.backoff_sequence);
  }
  request.body = std::move(call.body);
  co_return co_await send(std::move(request));
}

}  // namespace ostler::agent_client
