// SPDX-License-Identifier: Apache-2.0
#include "net/http_connection.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/read.hpp>
#include <cerrno>

namespace ostler::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadPiece = 64u << 10;
/// What is read and thrown away of a body that no handler wanted, to keep the connection.
constexpr std::size_t kMostDropped = 256u << 10;
constexpr std::chrono::milliseconds kLinger{1'000};

/// The status that answers a head which could not be read; 0 when nobody is there to answer.
int status_of(error_code error, bool timed_out) {
  if (timed_out) return 408;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  return error.category() == http::make_error_code(http::error::end_of_stream).category() ? 400 : 0;
}

ServerResponse refusal(int status) {
  constexpr std::string_view kBad = R"({"message":"malformed HTTP request"})";
  constexpr std::string_view kLarge = R"({"message":"the request's headers are too large"})";
  constexpr std::string_view kSlow = R"({"message":"the request did not arrive in time"})";
  return json_response(status, std::string(status == 431 ? kLarge : status == 408 ? kSlow : kBad));
}

}  // namespace

HttpConnection::HttpConnection(Socket socket, RequestHandler& handler,
                               const HttpServerOptions& options)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      handler_(handler),
      options_(options),
      // One byte of room above the limit, so that the parser is the one who finds it passed.
      buffer_(options.header_limit + kReadPiece) {}

asio::awaitable<void> HttpConnection::run() {
  co_await asio::this_coro::throw_if_cancelled(false);
  while (co_await serve_one()) {
  }
  co_await close_politely();
  clear_deadline();
  timer_.cancel();
}

asio::awaitable<bool> HttpConnection::serve_one() {
  if (!co_await wait_for_request()) co_return false;
  Parser parser;
  parser.header_limit(options_.header_limit);
  parser.body_limit(boost::none);
  set_deadline(options_.read_timeout);
  const auto [error, size] = co_await http::async_read_header(socket_, buffer_, parser, kAsTuple);
  clear_deadline();
  if (error) co_return co_await refuse_head(error);

  parser_ = &parser;
  const auto& head = parser.get();
  ServerRequest request{.method = std::string(head.method_string()),
                        .target = std::string(head.target()),
                        .body = this,
                        .peer = this};
  for (const auto& field : head) request.headers.emplace_back(field.name_string(), field.value());
  must_continue_ = !parser.is_done() && head.version() >= 11 &&
                   boost::beast::iequals(head[http::field::expect], "100-continue");
  ServerResponse response = co_await call_handler(request);
  const bool keep_alive = parser.keep_alive() && !response.close && !stopping_ && !timed_out_;
  // A peer that waits for "100 Continue" and is refused may send the body or not: no telling.
  linger_ = !parser.is_done();
  const bool in_step = parser.is_done() || !must_continue_;
  const bool sent = co_await send(std::move(response), keep_alive && in_step);
  const bool go_on = sent && keep_alive && in_step && co_await drop_rest_of_body();
  parser_ = nullptr;
  co_return go_on && !stopping_;
}

asio::awaitable<bool> HttpConnection::wait_for_request() {
  if (stopping_ || buffer_.size() > 0) co_return !stopping_;
  buffer_.shrink_to_fit();
  phase_ = Phase::Idle;
  set_deadline(options_.idle_timeout);
  const auto [error] = co_await socket_.async_wait(Socket::wait_read, kAsTuple);
  clear_deadline();
  phase_ = Phase::Busy;
  co_return !error && !stopping_;
}

asio::awaitable<bool> HttpConnection::refuse_head(error_code error) {
  const int status = status_of(error, timed_out_);
  timed_out_ = false;
  linger_ = true;
  if (status != 0) co_await send(refusal(status), false);
  co_return false;
}

asio::awaitable<ServerResponse> HttpConnection::call_handler(ServerRequest& request) {
  auto parts = parse_target(request.target);
  if (!parts) co_return refusal(400);
  request.parts = std::move(parts).value();
  ServerResponse response = co_await handler_.handle(request);
  if (watching_) {
    stop_watching();
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  }
  co_return response;
}

asio::awaitable<bool> HttpConnection::drop_rest_of_body() {
  std::array<char, 4096> piece;
  std::size_t dropped = 0;
  while (!parser_->is_done()) {
    const auto got = co_await read_some(piece);
    if (!got) co_return false;
    dropped += got.value();
    if (dropped > kMostDropped) co_return false;
  }
  linger_ = false;
  co_return true;
}

asio::awaitable<void> HttpConnection::close_politely() {
  error_code ignored;  // the peer may be gone already
  if (!socket_.is_open()) co_return;
  socket_.shutdown(Socket::shutdown_send, ignored);
  // Closing while unread bytes arrive resets the connection, and the peer loses our answer.
  std::array<char, 4096> piece;
  set_deadline(kLinger);
  while (linger_ && !timed_out_) {
    const auto [error, got] = co_await socket_.async_read_some(asio::buffer(piece), kAsTuple);
    if (error) break;
  }
  socket_.close(ignored);
}

asio::awaitable<Result<std::size_t>> HttpConnection::read_some(std::span<char> into) {
  if (parser_->is_done() || into.empty()) co_return std::size_t{0};
  if (std::exchange(must_continue_, false) && !co_await write("HTTP/1.1 100 Continue\r\n\r\n")) {
    co_return Error(Errc::Unavailable, "the peer went away");
  }
  if (into.size() > 4096) buffer_.reserve(kReadPiece);
  auto& body = parser_->get().body();
  body.data = into.data();
  body.size = into.size();
  while (body.size == into.size() && !parser_->is_done()) {
    set_deadline(options_.read_timeout);
    const auto [error, size] = co_await http::async_read_some(socket_, buffer_, *parser_, kAsTuple);
    clear_deadline();
    if (error && error != http::error::need_buffer) co_return read_error(error);
  }
  co_return into.size() - body.size;
}

Error HttpConnection::read_error(error_code error) const {
  if (timed_out_) return Error(Errc::Timeout, "the body did not arrive in time").with_native(408);
  if (stopping_) return Error(Errc::Cancelled, "the server stops");
  const auto status = status_of(error, false);
  if (status != 0) return Error(Errc::Protocol, "malformed body").with_native(400);
  return Error(Errc::Unavailable, "the peer went away in the middle of a body");
}

std::optional<std::uint64_t> HttpConnection::declared_size() const {
  if (parser_->chunked()) return std::nullopt;
  const auto length = parser_->content_length();
  return length ? *length : 0;
}

void HttpConnection::cancel_on_hang_up() {
  if (std::exchange(watching_, true)) return;
  if (stopping_ || peer_hung_up()) return signal_.emit(asio::cancellation_type::total);
  // Bytes of a next request hide the end of the stream; the wait then lasts its full time.
  if (buffer_.size() > 0 || !parser_->is_done()) return;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](error_code error) {
    if (error || !self->watching_ || !self->peer_hung_up()) return;
    self->signal_.emit(asio::cancellation_type::total);
  });
}

void HttpConnection::stop_watching() {
  watching_ = false;
  error_code ignored;  // nothing but the wait is under way
  socket_.cancel(ignored);
}

bool HttpConnection::peer_hung_up() {
  char byte = 0;
  const ssize_t got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

void HttpConnection::begin_stop() {
  stopping_ = true;
  error_code ignored;  // closed already
  if (phase_ == Phase::Idle) socket_.cancel(ignored);
  if (watching_) signal_.emit(asio::cancellation_type::total);
}

void HttpConnection::cut() {
  stopping_ = true;
  linger_ = false;
  error_code ignored;  // closed already
  socket_.close(ignored);
  signal_.emit(asio::cancellation_type::terminal);
}

void HttpConnection::set_deadline(std::chrono::milliseconds from_now) {
  deadline_ = std::chrono::steady_clock::now() + from_now;
  if (!timer_armed_ || timer_.expiry() > deadline_) arm_timer();
}

void HttpConnection::clear_deadline() { deadline_ = std::chrono::steady_clock::time_point::max(); }

/// The timer is left running when a deadline moves away: most never come, and moving a timer for
/// each read and write would cost more than a wake-up now and then.
void HttpConnection::arm_timer() {
  timer_armed_ = true;
  timer_.expires_at(deadline_);
  timer_.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (error || !self) return;
    self->timer_armed_ = false;
    if (self->deadline_ == std::chrono::steady_clock::time_point::max()) return;
    if (std::chrono::steady_clock::now() < self->deadline_) return self->arm_timer();
    self->timed_out_ = true;
    error_code ignored;  // closed already
    self->socket_.cancel(ignored);
  });
}

}  // namespace ostler::net
