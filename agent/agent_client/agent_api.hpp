// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "agent_client/http_transport.hpp"
#include "agent_client/outage_log.hpp"
#include "agent_client/retry.hpp"
#include "net/http_client.hpp"
#include "net/timers.hpp"
#include "wire/agent_api.hpp"
#include "wire/agent_api_events.hpp"

namespace ostler::agent_client {

struct Registered {
  wire::RegisterResponse session;
  bool waits = false;  ///< the server offers `GET ping?wait=`
};

struct Accepted {
  wire::Job job;
  bool waits = false;          ///< the server offers `GET jobs/:id?wait=`
  bool gives_plugins = false;  ///< the server offers `GET plugins/DIGEST`
  bool takes_events = false;   ///< the server offers `POST jobs/:id/events`
  std::string services{};      ///< what it keeps for step plugins: "state"; empty: nothing
};

/// A piece of a job's log as it is sent. `offset` and `size` count uncompressed bytes.
struct LogChunk {
  std::uint64_t sequence = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::string gzip;
};

/// A call of an in-job command that the agent makes in the job's name.
struct ForwardedCall {
  std::string method;
  std::string path;
  std::string content_type;
  std::string body;
  std::string uuid;
  std::string backoff_sequence;  ///< of the command's attempts; empty: it does not say
};

/// Every Agent API call that the agent makes, tried again as the table in retry.hpp says.
/// Errors of all: Cancelled; a status as error_of_status says; without an answer, those of
/// net::HttpClient::send; Protocol (retryable) when the answer cannot be read.
/// Runs on: one strand. Cancel: ends the call; the server may have seen it.
/// Source: agent-api 2.
class AgentApi {
 public:
  /// `instance` tells our hub where this agent lives; empty: nothing does.
  AgentApi(net::HttpClient& client, net::Timers& timers, const Clock& clock,
           std::string instance = {})
      : client_(client),
        timers_(timers),
        clock_(clock),
        instance_(std::move(instance)),
        outages_(clock) {}

  template <class T>
  using Awaitable = boost::asio::awaitable<Result<T>>;

  Awaitable<Registered> register_agent(Peer peer, wire::RegisterRequest request);
  Awaitable<void> connect(Peer peer);
  Awaitable<void> disconnect(Peer peer);
  /// Not tried again: the next ping is. `wait` above zero: the server may hold the call so long,
  /// until there is something else to say than a job, or than the pause that the caller knows of.
  Awaitable<wire::PingResponse> ping(Peer peer, std::chrono::seconds wait,
                                     bool knows_pause = false);
  /// Called for each message of a stream, where the caller runs.
  using OnPing = std::function<void(wire::PingResponse)>;
  /// Listens to the server's stream of pings until it ends, within a minute. Not tried again.
  /// Success: it ended as streams do, and the next one may be opened.
  /// Errors: retryable: it broke, or cannot be had now; others: the server has none for this agent
  /// (its status in native()); Cancelled. Source: agent-api 3.3.
  Awaitable<void> stream_pings(Peer peer, std::string agent_id, OnPing on_ping);
  Awaitable<wire::HeartbeatResponse> heartbeat(Peer peer);
  Awaitable<Accepted> accept(Peer peer, std::string job);

  /// Takes the job that has this id, waiting for it while it waits for others.
  Awaitable<Accepted> acquire(Peer peer, std::string job);

  // With the job's own token from here on.
  Awaitable<void> start(Peer peer, std::string job, Timestamp started_at);
  /// Not tried again, as ping.
  Awaitable<wire::JobState> job_state(Peer peer, std::string job, std::chrono::seconds wait);
  Awaitable<void> send_chunk(Peer peer, std::string job, LogChunk chunk);
  /// To servers that take them alone.
  Awaitable<void> send_events(Peer peer, std::string job, std::vector<wire::JobEvent> events);
  Awaitable<void> finish(Peer peer, std::string job, wire::FinishRequest request);
  /// One attempt; any status is an answer.
  Awaitable<net::HttpResponse> forward(Peer peer, ForwardedCall call);

 private:
  struct Call;
  template <class T>
  struct Answer;
  template <class T>
  Awaitable<Answer<T>> make(Call call, Result<T> (*decode)(std::string_view));
  Awaitable<void> make(Call call);
  Awaitable<net::HttpResponse> send(net::HttpRequest request);

  net::HttpClient& client_;
  net::Timers& timers_;
  const Clock& clock_;
  std::string instance_;
  OutageLog outages_;
};

}  // namespace ostler::agent_client
