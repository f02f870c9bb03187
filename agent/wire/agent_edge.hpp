// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "wire/agent_api.hpp"

// The stream of pings: gRPC frames of protocol buffers, `agentedge.v1`. A message of the stream
// says what the answer to a ping says: an action, or a job. Source: agent-api 3.
namespace ostler::wire {

/// The call is `POST /<service>/<method>` at the root, whatever path the endpoint has.
inline constexpr std::string_view kEdgeService = "agentedge.v1.AgentEdgeService";
inline constexpr std::string_view kStreamPings = "StreamPings";

/// The request's body: which agent asks (the `id` of its registration).
std::string encode_stream_request(const std::string& agent_id);
/// Errors: Protocol.
Result<std::string> decode_stream_request(std::string_view body);

/// One message as a frame. Of the answer only action, message (the reason of a pause or
/// disconnect) and job_id go into it.
std::string encode_streamed(const PingResponse& message);

/// Cuts a stream of messages, which arrives in pieces, into messages.
class StreamedMessages {
 public:
  /// Takes in what arrived.
  void add(std::string_view bytes) { pending_.append(bytes); }
  /// The next whole message; none until more has arrived.
  /// Errors: Protocol when the bytes are no message, one of more than 1 MiB, or a job without id.
  Result<std::optional<PingResponse>> next();
  /// Whether nothing is left of a message that has begun.
  bool is_between_messages() const { return pending_.empty(); }

 private:
  std::string pending_;
};

}  // namespace ostler::wire
