// SPDX-License-Identifier: Apache-2.0
#include "agent_client/ping_stream.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <charconv>

#include "agent_client/agent_api.hpp"
#include "agent_client/api_request.hpp"
#include "agent_client/status_error.hpp"

namespace ostler::agent_client {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kCall = "stream of pings";
constexpr std::string_view kContentType = "application/grpc";

// Source: grpc.io, status codes.
constexpr int kOk = 0;
constexpr int kDeadlineExceeded = 4;
constexpr int kPermissionDenied = 7;
constexpr int kUnimplemented = 12;
constexpr int kUnauthenticated = 16;

Error broken(std::string_view what) {
  return Error(Errc::Protocol, std::string(what)).with_retryable(true);
}

bool is_stream(const net::HttpResponse& head) {
  const std::string_view type = head.header("Content-Type");
  return head.status == 200 && (type == kContentType || type == "application/grpc+proto");
}

Error no_stream(const net::HttpResponse& head) {
  return broken("instead of a stream the server answered " + std::to_string(head.status) +
                " with content type \"" + std::string(head.header("Content-Type")) + "\"");
}

/// What holds for the life of the agent; all else may heal.
Error refused(const net::HttpResponse& answer) {
  constexpr std::array kFinal = {401, 403, 404, wire::kHeldElsewhere};
  const bool is_final = std::ranges::find(kFinal, answer.status) != kFinal.end();
  return error_of_status(kCall, answer.status, answer.body).with_retryable(!is_final);
}

/// The HTTP status that says the same as a final gRPC status; 0: this one is not final.
int final_status(int grpc_status) {
  switch (grpc_status) {
    case kUnimplemented: return 404;
    case kUnauthenticated: return 401;
    case kPermissionDenied: return 403;
    default: return 0;
  }
}

Result<void> judge_status(std::string_view text, bool has_message) {
  int status = -1;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (text.empty() || fault != std::errc() || end != text.data() + text.size()) {
    return broken("the stream ended without a grpc-status");
  }
  if (status == kOk || status == kDeadlineExceeded) {
    // Without a message it may be a server or a proxy that has no stream but does not say so.
    return has_message ? success() : Result<void>(broken("the stream ended without a message"));
  }
  const std::string what = "the server ended the stream with grpc-status " + std::string(text);
  if (const int same = final_status(status); same != 0) {
    return Error(same == 404 ? Errc::NotFound : Errc::Denied, what).with_native(same);
  }
  return broken(what);
}

}  // namespace

net::HttpRequest stream_request(const Peer& peer, const std::string& agent_id) {
  net::HttpRequest request = root_request(
      peer, "POST", std::string(wire::kEdgeService).append("/").append(wire::kStreamPings));
  const std::pair<const char*, std::string_view> headers[] = {{"Content-Type", kContentType},
                                                              {"Te", "trailers"},
                                                              {"Accept-Encoding", "identity"},
                                                              {"Grpc-Accept-Encoding", "identity"}};
  for (const auto& [name, value] : headers) request.headers.emplace_back(name, value);
  request.body = wire::encode_stream_request(agent_id);
  request.idle_timeout = std::chrono::seconds(0);  // nothing is said while there is nothing to do
  return request;
}

Result<void> PingStreamReader::take(const net::HttpResponse& head, std::string_view piece) {
  if (!is_stream(head)) return no_stream(head);
  messages_.add(piece);
  for (;;) {
    auto message = messages_.next();
    if (!message) return std::move(message).error().with_retryable(true);
    if (!message.value()) return success();
    has_message_ = true;
    on_message_(std::move(*message.value()));
  }
}

Result<void> PingStreamReader::conclude(const Result<net::HttpResponse>& answer) const {
  if (!answer) {
    const Error& error = answer.error();
    if (error.code() == Errc::Cancelled) return error;
    const bool is_old = error.code() == Errc::Timeout && has_message_;
    if (is_old) return success();
    return Error(error).with_retryable(true);
  }
  if (!answer.value().ok()) return refused(answer.value());
  if (!is_stream(answer.value())) return no_stream(answer.value());
  if (!messages_.is_between_messages())
    return broken("the stream ended in the middle of a message");
  return judge_status(answer.value().header("grpc-status"), has_message_);
}

/// The answer is read where the client works; its messages are handed to the caller's executor,
/// which runs them before it goes on with the coroutine.
AgentApi::Awaitable<void> AgentApi::stream_pings(Peer peer, std::string agent_id, OnPing on_ping) {
  const auto strand = co_await asio::this_coro::executor;
  const auto reader = std::make_shared<PingStreamReader>(
      [strand, on_ping = std::move(on_ping)](wire::PingResponse message) {
        asio::post(strand, [on_ping, message = std::move(message)] { on_ping(message); });
      });
  net::HttpRequest request = stream_request(peer, agent_id);
  request.body_sink = [reader](const net::HttpResponse& head, std::string_view piece) {
    return reader->take(head, piece);
  };
  const auto answer = co_await send(std::move(request));
  co_return reader->conclude(answer);
}

}  // namespace ostler::agent_client
