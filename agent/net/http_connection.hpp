// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/chunked_decoder.hpp"
#include "net/http_request_parser.hpp"
#include "net/http_response_head.hpp"
#include "net/http_server.hpp"
#include "net/stream.hpp"

namespace ostler::net {

/// One connection: reads requests, calls the handler, writes answers, one after the other.
///
///     Idle --first byte--> Busy --answer written--> Idle
///     Idle --stop, peer's end, idle timeout--> closed
///     Busy --answer written after stop, cut, error--> closed
///
/// Everything but the constructor and `start` runs on the strand of its stream.
class HttpConnection final : public std::enable_shared_from_this<HttpConnection>,
                             private RequestBody,
                             private Peer {
 public:
  /// `address`: of the peer, as Peer says it.
  HttpConnection(std::unique_ptr<Stream> stream, std::string address, RequestHandler& handler,
                 const HttpServerOptions& options);
  ~HttpConnection() override;

  /// Serves until the connection ends, then calls `ended` on the strand. Called once.
  void start(std::function<void()> ended);
  boost::asio::any_io_executor executor() const { return stream_->executor(); }

  /// Closes an idle connection; lets a running request end, cancelling a long wait.
  void begin_stop();
  /// Closes an idle connection that has been told to stop: a cancel is lost on a stream that is
  /// between two steps of one operation.
  void stop_if_idle();
  /// Ends the connection now, cancelling its handler with `terminal`.
  void cut();

 private:
  struct Signal;
  enum class Phase : std::uint8_t { Idle, Busy };

  boost::asio::awaitable<void> run();
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<Result<void>> read_head(HttpRequestParser& parser);
  boost::asio::awaitable<ServerResponse> call_handler(ServerRequest& request);
  boost::asio::awaitable<void> end_watch();
  boost::asio::awaitable<bool> drop_rest_of_body();
  boost::asio::awaitable<void> close_politely();

  boost::asio::awaitable<Result<void>> send(ServerResponse response, bool keep_alive);
  boost::asio::awaitable<Result<void>> send_source(BodySource& source, bool chunked);
  BodyFraming framing_of(const ServerResponse& response) const;

  boost::asio::awaitable<Result<std::size_t>> read_some(std::span<char> into) override;
  std::optional<std::uint64_t> declared_size() const override;
  boost::asio::awaitable<Result<std::size_t>> read_counted(std::span<char> into);
  boost::asio::awaitable<Result<std::size_t>> read_chunked(std::span<char> into);
  boost::asio::awaitable<Result<void>> receive();
  bool body_ended() const;
  boost::asio::awaitable<Result<std::size_t>> await_body(std::span<char> into);
  void cancel_on_hang_up() override;
  const std::string& address() const override { return address_; }
  void watch_hang_up();

  std::unique_ptr<Stream> stream_;
  std::string address_;
  RequestHandler& handler_;
  const HttpServerOptions& options_;
  std::unique_ptr<Signal> signal_;
  std::string received_;                      ///< bytes that nobody has read yet
  HttpRequestParser* parser_ = nullptr;       ///< of the request under way; in serve_one's frame
  std::uint64_t body_left_ = 0;               ///< bytes of a body of known size
  std::uint64_t body_came_ = 0;               ///< bytes of the body that were waited for
  std::chrono::milliseconds body_waited_{0};  ///< how long in all
  ChunkedDecoder chunks_;                     ///< of a body that comes in chunks
  Phase phase_ = Phase::Idle;
  bool stopping_ = false;
  bool watching_ = false;       ///< the handler wants to be told of the peer's end
  bool must_continue_ = false;  ///< the peer waits for 100 Continue
  bool linger_ = false;         ///< the peer may still be sending what nobody will read
};

}  // namespace ostler::net
