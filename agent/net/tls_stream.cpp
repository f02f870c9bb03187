// SPDX-License-Identifier: Apache-2.0
#include "net/tls_stream.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <string>
#include <utility>

#include "net/io_deadline.hpp"

namespace ostler::net {

namespace asio = boost::asio;
using asio::generic::stream_protocol;
using boost::system::error_code;
using Milliseconds = std::chrono::milliseconds;

namespace {

constexpr auto kTlsAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr Milliseconds kHandshake{10'000};
/// For the peer's own farewell, which some never send.
constexpr Milliseconds kFarewell{100};
constexpr Milliseconds kCloseAgain{100};
constexpr std::size_t kPiece = 64u << 10;
constexpr std::size_t kFirstBytes = 2u << 10;  // read ahead; most requests fit

bool is_end(error_code error) {
  return error == asio::error::eof || error == asio::ssl::error::stream_truncated;
}

}  // namespace

/// Whether the peer has something to say, or has left, shows only in decrypted bytes: waiting is
/// reading ahead, into `ahead`. One read runs at a time.
struct TlsStream::State final : IoDeadline {
  State(UniqueFd fd, const asio::any_io_executor& strand, asio::ssl::context& context)
      : IoDeadline(strand), stream(strand, context), read_ended(strand) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size);
    error_code error;
    stream.next_layer().assign(stream_protocol(address.ss_family, 0), fd.get(), error);
    if (!error) fd.release();
  }

  void cancel_io() override {
    error_code ignored;  // closed already
    stream.next_layer().cancel(ignored);
  }
  void read_ahead();
  void end_read(error_code error, std::size_t size);
  asio::awaitable<void> join_read();
  asio::awaitable<Result<void>> shake_hands();

  asio::ssl::stream<stream_protocol::socket> stream;
  asio::steady_timer read_ended;  ///< cancelled when a read of `watch_hang_up` ends
  std::function<void()> hung_up;
  std::string ahead;  ///< decrypted bytes that nobody has asked for yet
  bool reading = false;
  bool ended = false;
  bool is_safe = false;  ///< hands have been shaken
  bool is_over = false;  ///< we have said farewell: what comes is no longer for us to decrypt
};

void TlsStream::State::read_ahead() {
  reading = true;
  ahead.resize(kFirstBytes);
  stream.async_read_some(asio::buffer(ahead),
                         [self = std::static_pointer_cast<State>(shared_from_this())](
                             error_code error, std::size_t size) { self->end_read(error, size); });
}

void TlsStream::State::end_read(error_code error, std::size_t size) {
  reading = false;
  ahead.resize(size);
  if (is_end(error)) ended = true;
  read_ended.cancel();
  if (!error || !hung_up) return;
  const bool was_cancelled = error == asio::error::operation_aborted;
  if (was_cancelled && stream.next_layer().is_open()) return read_ahead();  // watched anew since
  std::exchange(hung_up, nullptr)();
}

/// Waits until a cancelled read of `watch_hang_up` has let go of the stream.
asio::awaitable<void> TlsStream::State::join_read() {
  while (reading) {
    read_ended.expires_after(kCloseAgain);
    co_await read_ended.async_wait(kTlsAsTuple);
    if (reading) cancel_io();
  }
}

asio::awaitable<Result<void>> TlsStream::State::shake_hands() {
  if (is_safe) co_return success();
  begin(kHandshake);
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, kTlsAsTuple);
  if (error) co_return IoDeadline::end(error);
  IoDeadline::end();
  is_safe = true;
  co_return success();
}

TlsStream::TlsStream(UniqueFd socket, const asio::any_io_executor& strand,
                     asio::ssl::context& context)
    : state_(std::make_shared<State>(std::move(socket), strand, context)) {}

TlsStream::~TlsStream() { state_->stop(); }

asio::any_io_executor TlsStream::executor() const { return state_->stream.get_executor(); }

asio::awaitable<Result<void>> TlsStream::wait_readable(Milliseconds limit) {
  const auto state = state_;
  OSTLER_CO_TRY(co_await state->shake_hands());
  co_await state->join_read();
  if (!state->ahead.empty() || state->ended) co_return success();
  std::string bytes(kFirstBytes, '\0');
  OSTLER_CO_TRY(const std::size_t size, co_await read_some(bytes, limit));
  state->ahead.assign(bytes, 0, size);
  co_return success();
}

asio::awaitable<Result<std::size_t>> TlsStream::read_some(std::span<char> into,
                                                          Milliseconds limit) {
  const auto state = state_;
  OSTLER_CO_TRY(co_await state->shake_hands());
  co_await state->join_read();
  if (!state->ahead.empty()) {
    const std::size_t size = std::min(into.size(), state->ahead.size());
    std::copy_n(state->ahead.begin(), size, into.begin());
    state->ahead.erase(0, size);
    if (state->ahead.empty()) state->ahead.shrink_to_fit();
    co_return size;
  }
  if (state->ended) co_return std::size_t{0};
  state->begin(limit);
  const auto buffer = asio::buffer(into.data(), into.size());
  const auto [error, size] =
      state->is_over ? co_await state->stream.next_layer().async_read_some(buffer, kTlsAsTuple)
                     : co_await state->stream.async_read_some(buffer, kTlsAsTuple);
  if (error && !is_end(error)) co_return state->end(error);
  state->ended = is_end(error);
  state->end();
  co_return size;
}

asio::awaitable<Result<void>> TlsStream::write(std::string_view bytes, Milliseconds stall) {
  const auto state = state_;
  OSTLER_CO_TRY(co_await state->shake_hands());
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, kPiece);
    state->begin(stall);
    const auto [error, size] = co_await asio::async_write(
        state->stream, asio::buffer(piece.data(), piece.size()), kTlsAsTuple);
    if (error) co_return state->end(error);
    bytes.remove_prefix(piece.size());
  }
  state->end();
  co_return success();
}

asio::awaitable<Result<void>> TlsStream::send_file(int file, std::uint64_t offset,
                                                   std::uint64_t size, Milliseconds stall) {
  std::string piece;
  while (size > 0) {
    piece.resize(std::min<std::uint64_t>(size, kPiece));
    const ssize_t got = ::pread(file, piece.data(), piece.size(), static_cast<off_t>(offset));
    if (got < 0) co_return Error::from_errno(errno, "read");
    if (got == 0) co_return Error(Errc::Corrupt, "the file is shorter than it was");
    piece.resize(static_cast<std::size_t>(got));
    OSTLER_CO_TRY(co_await write(piece, stall));
    offset += piece.size();
    size -= piece.size();
  }
  co_return success();
}

void TlsStream::watch_hang_up(std::function<void()> hung_up) {
  state_->hung_up = std::move(hung_up);
  if (state_->reading || !state_->ahead.empty()) return;  // bytes hide the end
  state_->read_ahead();
}

void TlsStream::stop_watching() {
  state_->hung_up = nullptr;
  cancel();
}

bool TlsStream::has_hung_up() const {
  if (state_->ended) return state_->reading || state_->ahead.empty();
  return has_peer_ended(state_->stream.next_layer().native_handle());
}

void TlsStream::cancel() { state_->cancel_io(); }

asio::awaitable<void> TlsStream::end_sending() {
  const auto state = state_;
  if (!state->is_safe) co_return;
  co_await state->join_read();
  state->begin(kFarewell);
  const auto [error] = co_await state->stream.async_shutdown(kTlsAsTuple);
  if (error) (void)state->end(error);  // the peer may be gone
  state->end();
  state->is_over = true;
  error_code ignored;  // the same
  state->stream.next_layer().shutdown(stream_protocol::socket::shutdown_send, ignored);
}

void TlsStream::close() {
  error_code ignored;  // closed already
  state_->stream.next_layer().close(ignored);
}

}  // namespace ostler::net
