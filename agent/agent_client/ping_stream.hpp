// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "agent_client/http_transport.hpp"
#include "base/result.hpp"
#include "net/http_message.hpp"
#include "wire/agent_edge.hpp"

namespace ostler::agent_client {

/// The request that opens a stream of pings, without a sink for its answer. It lasts a minute at
/// most, as that of the genuine agent.
net::HttpRequest stream_request(const Peer& peer, const std::string& agent_id);

/// Reads the answer to one stream_request while it comes, and says at its end what it came to.
/// Source: agent-api 3.1, 3.3.
class PingStreamReader {
 public:
  using OnMessage = std::function<void(wire::PingResponse)>;
  explicit PingStreamReader(OnMessage on_message) : on_message_(std::move(on_message)) {}

  /// A net::BodySink. Errors: Protocol when this is no stream of pings.
  Result<void> take(const net::HttpResponse& head, std::string_view piece);
  /// What the whole request came to. Errors: as AgentApi::stream_pings.
  Result<void> conclude(const Result<net::HttpResponse>& answer) const;

 private:
  OnMessage on_message_;
  wire::StreamedMessages messages_;
  bool has_message_ = false;  ///< and a message
};

}  // namespace ostler::agent_client
