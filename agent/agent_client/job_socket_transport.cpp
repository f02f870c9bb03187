// SPDX-License-Identifier: Apache-2.0
#include "agent_client/job_socket_transport.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cstdlib>
#include <optional>

namespace ostler::agent_client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Socket = asio::local::stream_protocol;
using Stream = beast::basic_stream<Socket>;

constexpr std::size_t kLongestName = 107;         // of a unix socket, without the final NUL
constexpr std::uint64_t kLongestBody = 64 << 20;  // bytes

Error failure(const JobSocket& socket, std::string_view what, const error_code& cause) {
  const std::string message =
      std::string(socket.name) + " " + socket.path + ": " + std::string(what);
  if (cause == beast::error::timeout) return {Errc::Timeout, message + ": no answer in time"};
  if (cause.category() == asio::error::get_system_category() ||
      cause.category() == asio::error::get_misc_category()) {
    return Error(Errc::Unavailable,
                 message + ": " + cause.message() + "; " + std::string(socket.advice))
        .with_native(cause.value())
        .with_retryable(true);
  }
  const bool is_cut = cause == http::error::end_of_stream || cause == http::error::partial_message;
  if (is_cut) return Error(Errc::Unavailable, message + ": cut short").with_retryable(true);
  return Error(Errc::Protocol, message + ": " + cause.message())
      .with_retryable(cause != http::error::body_limit);
}

http::request<http::string_body> request_for(const JobSocket& socket, const ApiCall& call) {
  http::request<http::string_body> request;
  request.version(11);
  request.method_string(call.method);
  request.target(call.path);
  request.set(http::field::host, "job");
  if (!socket.token.empty()) {
    request.set(http::field::authorization, "Bearer " + socket.token.reveal());
  }
  request.set("Ostler-Request-Uuid", call.uuid);
  request.set(http::field::connection, "close");
  for (const auto& [name, value] : call.headers) request.set(name, value);
  if (!call.body.empty()) request.set(http::field::content_type, "application/json");
  request.body() = call.body;
  request.prepare_payload();
  return request;
}

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

asio::awaitable<Result<ApiAnswer>> exchange(Stream& stream, const JobSocket& socket,
                                            const ApiCall& call) {
  const auto [refused] = co_await stream.async_connect(Socket::endpoint(socket.path), kAwait);
  if (refused) co_return failure(socket, "connect", refused);
  const auto request = request_for(socket, call);
  const auto [unsent, sent] = co_await http::async_write(stream, request, kAwait);
  if (unsent) co_return failure(socket, "send", unsent);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kLongestBody);
  const auto [lost, received] = co_await http::async_read(stream, buffer, parser, kAwait);
  if (lost) co_return failure(socket, "receive", lost);
  ApiAnswer answer{static_cast<int>(parser.get().result_int()), std::move(parser.get().body())};
  for (const auto& field : parser.get()) {
    answer.headers.emplace_back(field.name_string(), field.value());
  }
  co_return answer;
}

asio::awaitable<void> answer(Stream& stream, const JobSocket& socket, const ApiCall& call,
                             std::optional<Result<ApiAnswer>>& result) {
  result.emplace(co_await exchange(stream, socket, call));
}

}  // namespace

Result<JobSocket> job_socket_from_environment() {
  const char* path = std::getenv("BUILDKITE_AGENT_JOB_API_SOCKET");
  const char* token = std::getenv("BUILDKITE_AGENT_JOB_API_TOKEN");
  if (path == nullptr || *path == '\0' || token == nullptr || *token == '\0') {
    return Error(Errc::NotFound,
                 "no job socket: BUILDKITE_AGENT_JOB_API_SOCKET and BUILDKITE_AGENT_JOB_API_TOKEN "
                 "are not both set; run this inside a job");
  }
  return JobSocket{path, Secret(token)};
}

Result<ApiAnswer> call_job_api(const JobSocket& socket, const ApiCall& call,
                               std::chrono::seconds patience) {
  if (socket.path.size() > kLongestName) {
    return Error(Errc::UserFault,
                 std::string(socket.name) + " " + socket.path + ": the path is too long");
  }
  asio::io_context context(1);
  Stream stream(context);
  stream.expires_after(patience);
  std::optional<Result<ApiAnswer>> result;
  asio::co_spawn(context, answer(stream, socket, call, result),
                 [](const std::exception_ptr& fault) {
                   if (fault) std::rethrow_exception(fault);
                 });
  context.run();
  return std::move(*result);
}

JobSocketTransport::JobSocketTransport(JobSocket socket, std::chrono::seconds patience)
    : socket_(std::move(socket)), patience_(patience) {}

Result<ApiAnswer> JobSocketTransport::call(const ApiCall& call) {
  ApiCall carried = call;
  carried.path = "/api/ostler/v0/agent-api/" + call.path;
  return call_job_api(socket_, carried, patience_);
}

}  // namespace ostler::agent_client
