// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <chrono>
#include <memory>
#include <string_view>

#include "net/http_response_head.hpp"
#include "net/http_server.hpp"

namespace ostler::net {

/// One connection: reads requests, calls the handler, writes answers, one after the other.
///
///     Idle --first byte--> Busy --answer written--> Idle
///     Idle --stop, peer's end, idle timeout--> closed
///     Busy --answer written after stop, cut, error--> closed
///
/// Every member runs on the socket's executor, which must be a strand.
class HttpConnection final : public std::enable_shared_from_this<HttpConnection>,
                             private RequestBody,
                             private Peer {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;

  HttpConnection(Socket socket, RequestHandler& handler, const HttpServerOptions& options);

  /// Serves until the connection ends. The owner binds it to `cancellation_slot()`.
  boost::asio::awaitable<void> run();
  boost::asio::cancellation_slot cancellation_slot() { return signal_.slot(); }
  boost::asio::any_io_executor executor() { return socket_.get_executor(); }

  /// Closes an idle connection; lets a running request end, cancelling a long wait.
  void begin_stop();
  /// Ends the connection now, cancelling its handler with `terminal`.
  void cut();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;
  enum class Phase : std::uint8_t { Idle, Busy };

  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<bool> refuse_head(boost::system::error_code error);
  boost::asio::awaitable<ServerResponse> call_handler(ServerRequest& request);
  boost::asio::awaitable<bool> drop_rest_of_body();
  boost::asio::awaitable<void> close_politely();

  boost::asio::awaitable<bool> send(ServerResponse response, bool keep_alive);
  boost::asio::awaitable<bool> send_file(const FileRegion& region);
  boost::asio::awaitable<bool> send_source(BodySource& source, bool chunked);
  boost::asio::awaitable<bool> write(std::string_view bytes);
  BodyFraming framing_of(const ServerResponse& response) const;

  boost::asio::awaitable<Result<std::size_t>> read_some(std::span<char> into) override;
  std::optional<std::uint64_t> declared_size() const override;
  Error read_error(boost::system::error_code error) const;
  void cancel_on_hang_up() override;
  void stop_watching();
  bool peer_hung_up();

  void set_deadline(std::chrono::milliseconds from_now);
  void clear_deadline();
  void arm_timer();

  Socket socket_;
  boost::asio::steady_timer timer_;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  RequestHandler& handler_;
  const HttpServerOptions& options_;
  boost::asio::cancellation_signal signal_;
  boost::beast::flat_buffer buffer_;
  Parser* parser_ = nullptr;  ///< of the request under way; in serve_one's frame
  Phase phase_ = Phase::Idle;
  bool timer_armed_ = false;
  bool timed_out_ = false;
  bool stopping_ = false;
  bool watching_ = false;
  bool must_continue_ = false;  ///< the peer waits for 100 Continue
  bool linger_ = false;         ///< the peer may still be sending what nobody will read
};

}  // namespace ostler::net
