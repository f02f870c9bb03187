// SPDX-License-Identifier: Apache-2.0
#include "net/http_connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <charconv>
#include <new>
#include <utility>

namespace ostler::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kReadPiece = 64u << 10;
constexpr std::size_t kFirstRead = 2u << 10;  // most requests fit; more costs idle connections
/// What is read and thrown away of a body that no handler wanted, to keep the connection.
constexpr std::size_t kMostDropped = 256u << 10;
constexpr std::chrono::milliseconds kLinger{1'000};
/// A body up to this size is copied behind its head, which saves a second write.
constexpr std::size_t kJoinedBody = 16u << 10;

/// The answer to a head that could not be read; its texts hold nothing of the request.
ServerResponse refusal(int status) {
  constexpr std::string_view kBad = R"({"message":"malformed HTTP request"})";
  constexpr std::string_view kLarge = R"({"message":"the request's headers are too large"})";
  return json_response(status, std::string(status == 431 ? kLarge : kBad));
}

/// A piece as a chunk; an empty one ends the body, behind which come the trailers.
std::string chunk(const std::string& piece, const HttpHeaders& trailers) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16);
  std::string chunk = std::string(digits.data(), end.ptr) + "\r\n" + piece;
  for (const auto& [name, value] : trailers) append_header(chunk, name, value);
  return chunk + "\r\n";
}

}  // namespace

struct HttpConnection::Signal {
  asio::cancellation_signal signal;
};

HttpConnection::HttpConnection(std::unique_ptr<Stream> stream, std::string address,
                               RequestHandler& handler, const HttpServerOptions& options)
    : stream_(std::move(stream)),
      address_(std::move(address)),
      handler_(handler),
      options_(options),
      signal_(std::make_unique<Signal>()) {}

HttpConnection::~HttpConnection() = default;

void HttpConnection::start(std::function<void()> ended) {
  asio::co_spawn(stream_->executor(), run(),
                 asio::bind_cancellation_slot(
                     signal_->signal.slot(), [self = shared_from_this(), ended = std::move(ended)](
                                                 const std::exception_ptr& bug) {
                       if (bug) std::rethrow_exception(bug);  // handlers do not throw
                       ended();
                     }));
}

asio::awaitable<void> HttpConnection::run() {
  co_await asio::this_coro::throw_if_cancelled(false);
  while (co_await serve_one()) {
  }
  co_await close_politely();
}

asio::awaitable<bool> HttpConnection::serve_one() {
  if (!co_await wait_for_request()) co_return false;
  HttpRequestParser parser(options_.header_limit);
  parser_ = &parser;
  const auto head = co_await read_head(parser);
  if (!head) {
    linger_ = true;
    const int status = head.error().native();
    if (status >= 400 && status < 600) (void)co_await send(refusal(status), false);
    co_return false;
  }
  ServerRequest request = parser.take_request();
  request.body = this;
  request.peer = this;
  must_continue_ = parser.expects_continue();
  body_left_ = parser.content_length().value_or(0);
  chunks_ = ChunkedDecoder();
  body_came_ = 0;
  body_waited_ = {};
  if (received_.empty()) received_.shrink_to_fit();  // the handler may wait for long
  ServerResponse response = co_await call_handler(request);
  linger_ = !body_ended();
  // A peer that waits for "100 Continue" and is refused may send the body or not: no telling.
  const bool in_step = body_ended() || !must_continue_;
  const bool keep_alive = parser.keep_alive() && in_step && !response.close && !stopping_;
  const auto sent = co_await send(std::move(response), keep_alive);
  co_await end_watch();
  if (!sent) {
    cut();
    co_return false;
  }
  co_return keep_alive && !stopping_ && co_await drop_rest_of_body();
}

asio::awaitable<bool> HttpConnection::wait_for_request() {
  parser_ = nullptr;
  if (stopping_ || !received_.empty()) co_return !stopping_;
  received_.shrink_to_fit();
  phase_ = Phase::Idle;
  const auto readable = co_await stream_->wait_readable(options_.idle_timeout);
  phase_ = Phase::Busy;
  co_return readable && !stopping_;
}

asio::awaitable<Result<void>> HttpConnection::read_head(HttpRequestParser& parser) {
  const auto deadline = std::chrono::steady_clock::now() + options_.read_timeout;
  for (;;) {
    if (!received_.empty()) {
      OSTLER_CO_TRY(const auto piece, parser.read_head(received_));
      received_.erase(0, piece.used);
      if (piece.is_whole) co_return success();
    }
    const std::size_t had = received_.size();
    received_.resize(had + (had == 0 ? kFirstRead : kReadPiece));
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    const auto got = co_await stream_->read_some(std::span(received_).subspan(had), left);
    received_.resize(had + (got ? got.value() : 0));
    OSTLER_CO_TRY(const std::size_t size, got);
    if (size == 0) co_return Error(Errc::Unavailable, "the peer went away");
  }
}

asio::awaitable<ServerResponse> HttpConnection::call_handler(ServerRequest& request) {
  auto parts = parse_target(request.target);
  if (!parts) co_return refusal(400);
  request.parts = std::move(parts).value();
  ServerResponse response = co_await handler_.handle(request);
  if (watching_) stream_->stop_watching();
  const bool goes_on = std::holds_alternative<std::unique_ptr<BodySource>>(response.body);
  if (!goes_on) co_await end_watch();
  co_return response;
}

asio::awaitable<void> HttpConnection::end_watch() {
  if (!std::exchange(watching_, false)) co_return;
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
}

asio::awaitable<bool> HttpConnection::drop_rest_of_body() {
  std::array<char, 4096> piece;
  std::size_t dropped = 0;
  while (!body_ended()) {
    const auto got = co_await read_some(piece);
    if (!got) co_return false;
    dropped += got.value();
    if (dropped > kMostDropped) co_return false;
  }
  linger_ = false;
  co_return true;
}

asio::awaitable<void> HttpConnection::close_politely() {
  co_await stream_->end_sending();
  // Closing while unread bytes arrive resets the connection, and the peer loses our answer.
  std::array<char, 4096> piece;
  const auto deadline = std::chrono::steady_clock::now() + kLinger;
  while (linger_ && std::chrono::steady_clock::now() < deadline) {
    const auto got = co_await stream_->read_some(piece, kLinger);
    if (!got || got.value() == 0) break;
  }
  stream_->close();
}

BodyFraming HttpConnection::framing_of(const ServerResponse& response) const {
  if (const auto* text = std::get_if<std::string>(&response.body)) return {.size = text->size()};
  if (const auto* region = std::get_if<FileRegion>(&response.body)) return {.size = region->size};
  const auto size = std::get<std::unique_ptr<BodySource>>(response.body)->size();
  return {.size = size, .chunked = !size && parser_->is_http_1_1()};
}

asio::awaitable<Result<void>> HttpConnection::send(ServerResponse response, bool keep_alive) {
  const BodyFraming framing = framing_of(response);
  const bool ends_by_closing = !framing.size && !framing.chunked;
  std::string head = response_head(response, framing, keep_alive && !ends_by_closing);
  const bool head_only = parser_->is_head_request() || has_no_body(response.status);
  auto* text = std::get_if<std::string>(&response.body);
  const bool joined = text && !head_only && text->size() <= kJoinedBody;
  if (joined) head += *text;
  OSTLER_CO_TRY(co_await stream_->write(head, options_.write_timeout));
  if (head_only || joined) co_return success();
  if (text) co_return co_await stream_->write(*text, options_.write_timeout);
  if (auto* region = std::get_if<FileRegion>(&response.body)) {
    co_return co_await stream_->send_file(region->file.get(), region->offset, region->size,
                                          options_.write_timeout);
  }
  auto& source = *std::get<std::unique_ptr<BodySource>>(response.body);
  OSTLER_CO_TRY(co_await send_source(source, framing.chunked));
  if (ends_by_closing) begin_stop();
  co_return success();
}

namespace {

/// What a body throws, against its contract, costs its connection and no other; a want of memory
/// ends the process.
asio::awaitable<Result<std::string>> next_piece(BodySource& source) {
  std::string fault;
  try {
    co_return co_await source.next();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& exception) {
    fault = exception.what();
  }
  co_return Error(Errc::Internal, "a fault of a body: " + fault);
}

}  // namespace

asio::awaitable<Result<void>> HttpConnection::send_source(BodySource& source, bool chunked) {
  std::optional<std::uint64_t> left = source.size();
  for (;;) {
    if (watching_) watch_hang_up();
    auto made = co_await next_piece(source);
    if (watching_) stream_->stop_watching();
    OSTLER_CO_TRY(std::string piece, std::move(made));
    const bool ended = piece.empty();
    if (left && (piece.size() > *left || (ended && *left > 0))) {
      co_return Error(Errc::Internal, "a body has another size than was said");
    }
    if (left) *left -= piece.size();
    if (ended && !chunked) co_return success();
    if (chunked) piece = chunk(piece, ended ? source.trailers() : HttpHeaders());
    OSTLER_CO_TRY(co_await stream_->write(piece, options_.write_timeout));
    if (ended) co_return success();
  }
}

asio::awaitable<Result<std::size_t>> HttpConnection::read_some(std::span<char> into) {
  if (body_ended() || into.empty()) co_return std::size_t{0};
  if (std::exchange(must_continue_, false)) {
    OSTLER_CO_TRY(co_await stream_->write("HTTP/1.1 100 Continue\r\n\r\n", options_.write_timeout));
  }
  auto got = parser_->content_length() ? co_await read_counted(into) : co_await read_chunked(into);
  if (got || got.error().code() != Errc::Timeout) co_return got;
  co_return Error(Errc::Timeout, "the body did not arrive in time").with_native(408);
}

/// Waits for bytes of a body: for a pause of any length that is allowed, and for as long as what
/// has come so far deserves.
asio::awaitable<Result<std::size_t>> HttpConnection::await_body(std::span<char> into) {
  using std::chrono::milliseconds;
  const milliseconds earned(body_came_ * 1000 / options_.least_body_rate);
  const auto left = options_.read_timeout + earned - body_waited_;
  const auto begun = std::chrono::steady_clock::now();
  auto got = co_await stream_->read_some(into, std::min(left, options_.read_timeout));
  body_waited_ +=
      std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
  if (got) body_came_ += got.value();
  co_return got;
}

asio::awaitable<Result<std::size_t>> HttpConnection::read_counted(std::span<char> into) {
  into = into.first(std::min<std::uint64_t>(into.size(), body_left_));
  std::size_t size = std::min(received_.size(), into.size());
  if (size > 0) {
    std::copy_n(received_.begin(), size, into.begin());
    received_.erase(0, size);
  } else {
    OSTLER_CO_TRY(size, co_await await_body(into));
    if (size == 0) co_return Error(Errc::Unavailable, "the peer went away in the middle of a body");
  }
  body_left_ -= size;
  co_return size;
}

asio::awaitable<Result<std::size_t>> HttpConnection::read_chunked(std::span<char> into) {
  for (;;) {
    OSTLER_CO_TRY(const auto piece, chunks_.read(received_, into));
    received_.erase(0, piece.used);
    if (piece.got > 0 || chunks_.is_done()) co_return piece.got;
    OSTLER_CO_TRY(co_await receive());
  }
}

/// Receives more when all that came has been read.
asio::awaitable<Result<void>> HttpConnection::receive() {
  received_.resize(kReadPiece);
  const auto got = co_await await_body(received_);
  received_.resize(got ? got.value() : 0);
  OSTLER_CO_TRY(const std::size_t size, got);
  if (size == 0) co_return Error(Errc::Unavailable, "the peer went away in the middle of a body");
  co_return success();
}

std::optional<std::uint64_t> HttpConnection::declared_size() const {
  return parser_->content_length();
}

bool HttpConnection::body_ended() const {
  return parser_->content_length() ? body_left_ == 0 : chunks_.is_done();
}

void HttpConnection::cancel_on_hang_up() {
  if (!std::exchange(watching_, true)) watch_hang_up();
}

void HttpConnection::watch_hang_up() {
  // Bytes of a next request hide the end of the stream; the wait then lasts its full time.
  const bool can_tell = received_.empty() && body_ended();
  if (stopping_ || (can_tell && stream_->has_hung_up())) {
    return signal_->signal.emit(asio::cancellation_type::total);
  }
  if (!can_tell) return;
  stream_->watch_hang_up(
      [self = shared_from_this()] { self->signal_->signal.emit(asio::cancellation_type::total); });
}

void HttpConnection::begin_stop() {
  stopping_ = true;
  stop_if_idle();
  if (watching_) signal_->signal.emit(asio::cancellation_type::total);
}

void HttpConnection::stop_if_idle() {
  if (stopping_ && phase_ == Phase::Idle) stream_->cancel();
}

void HttpConnection::cut() {
  stopping_ = true;
  linger_ = false;
  stream_->close();
  signal_->signal.emit(asio::cancellation_type::terminal);
}

}  // namespace ostler::net
