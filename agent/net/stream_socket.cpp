// SPDX-License-Identifier: Apache-2.0
#include "net/stream_socket.hpp"

#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>

namespace ostler::net {

namespace asio = boost::asio;
using asio::generic::stream_protocol;
using boost::system::error_code;
using Milliseconds = std::chrono::milliseconds;

namespace {

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
constexpr auto kNever = std::chrono::steady_clock::time_point::max();
/// Most bytes between two looks at the deadline of a write.
constexpr std::size_t kWritePiece = 256u << 10;
constexpr std::size_t kFilePiece = 1u << 20;

stream_protocol protocol_of(int socket) {
  int family = AF_INET;
  socklen_t size = sizeof family;
  ::getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &family, &size);
  return {family, 0};
}

}  // namespace

struct StreamSocket::State : std::enable_shared_from_this<State> {
  State(UniqueFd fd, const asio::any_io_executor& strand) : socket(strand), timer(strand) {
    const stream_protocol protocol = protocol_of(fd.get());
    error_code error;
    socket.assign(protocol, fd.get(), error);
    if (!error) fd.release();
  }

  void set_deadline(Milliseconds from_now);
  void arm_timer();
  Error error_of(error_code error);
  bool has_hung_up();

  stream_protocol::socket socket;
  asio::steady_timer timer;
  std::chrono::steady_clock::time_point deadline = kNever;
  std::function<void()> hung_up;
  bool timer_armed = false;
  bool timed_out = false;
  bool ended = false;  ///< Asio would wait for an event that does not come twice
};

void StreamSocket::State::set_deadline(Milliseconds from_now) {
  timed_out = false;
  deadline = std::chrono::steady_clock::now() + from_now;
  if (!timer_armed || timer.expiry() > deadline) arm_timer();
}

/// The timer is left running when a deadline moves away: most never come, and moving a timer for
/// each read and write would cost more than a wake-up now and then.
void StreamSocket::State::arm_timer() {
  timer_armed = true;
  timer.expires_at(deadline);
  timer.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (error || !self) return;
    self->timer_armed = false;
    if (self->deadline == kNever) return;
    if (std::chrono::steady_clock::now() < self->deadline) return self->arm_timer();
    self->timed_out = true;
    error_code ignored;  // closed already
    self->socket.cancel(ignored);
  });
}

Error StreamSocket::State::error_of(error_code error) {
  deadline = kNever;
  if (timed_out) return Error(Errc::Timeout, "the peer is too slow");
  if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) {
    return Error(Errc::Cancelled, "the connection is being closed");
  }
  return Error(Errc::Unavailable, "the peer went away").with_native(error.value());
}

bool StreamSocket::State::has_hung_up() {
  char byte = 0;
  const ssize_t got = ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

StreamSocket::StreamSocket(UniqueFd socket, const asio::any_io_executor& strand)
    : state_(std::make_shared<State>(std::move(socket), strand)) {}

StreamSocket::~StreamSocket() { state_->timer.cancel(); }

asio::any_io_executor StreamSocket::executor() const { return state_->socket.get_executor(); }

asio::awaitable<Result<void>> StreamSocket::wait_readable(Milliseconds limit) {
  state_->set_deadline(limit);
  const auto [error] =
      co_await state_->socket.async_wait(stream_protocol::socket::wait_read, kAsTuple);
  if (error) co_return state_->error_of(error);
  state_->deadline = kNever;
  co_return success();
}

asio::awaitable<Result<std::size_t>> StreamSocket::read_some(std::span<char> into,
                                                             Milliseconds limit) {
  if (state_->ended) co_return std::size_t{0};
  state_->set_deadline(limit);
  const auto [error, size] =
      co_await state_->socket.async_read_some(asio::buffer(into.data(), into.size()), kAsTuple);
  if (error == asio::error::eof) {
    state_->ended = true;
    state_->deadline = kNever;
    co_return std::size_t{0};
  }
  if (error) co_return state_->error_of(error);
  state_->deadline = kNever;
  co_return size;
}

asio::awaitable<Result<void>> StreamSocket::write(std::string_view bytes, Milliseconds stall) {
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, kWritePiece);
    state_->set_deadline(stall);
    const auto [error, size] = co_await asio::async_write(
        state_->socket, asio::buffer(piece.data(), piece.size()), kAsTuple);
    if (error) co_return state_->error_of(error);
    bytes.remove_prefix(piece.size());
  }
  state_->deadline = kNever;
  co_return success();
}

asio::awaitable<Result<void>> StreamSocket::send_file(int file, std::uint64_t offset,
                                                      std::uint64_t size, Milliseconds stall) {
  error_code error;
  state_->socket.native_non_blocking(true, error);
  auto position = static_cast<off_t>(offset);
  while (size > 0 && !error) {
    const ssize_t sent = ::sendfile(state_->socket.native_handle(), file, &position,
                                    std::min<std::uint64_t>(size, kFilePiece));
    if (sent == 0) co_return Error(Errc::Corrupt, "the file is shorter than it was");
    if (sent > 0) {
      size -= static_cast<std::uint64_t>(sent);
      co_await asio::post(asio::use_awaitable);  // others of this thread take their turn
    } else if (errno == EAGAIN) {
      state_->set_deadline(stall);
      std::tie(error) =
          co_await state_->socket.async_wait(stream_protocol::socket::wait_write, kAsTuple);
    } else if (errno != EINTR) {
      error.assign(errno, boost::system::system_category());
    }
  }
  if (error) co_return state_->error_of(error);
  state_->deadline = kNever;
  co_return success();
}

void StreamSocket::watch_hang_up(std::function<void()> hung_up) {
  state_->hung_up = std::move(hung_up);
  state_->socket.async_wait(stream_protocol::socket::wait_read, [state = state_](error_code error) {
    if (error || !state->hung_up || !state->has_hung_up()) return;
    std::exchange(state->hung_up, nullptr)();
  });
}

void StreamSocket::stop_watching() {
  state_->hung_up = nullptr;
  cancel();
}

bool StreamSocket::has_hung_up() const { return state_->has_hung_up(); }

void StreamSocket::cancel() {
  error_code ignored;  // closed already
  state_->socket.cancel(ignored);
}

void StreamSocket::shut_down_sending() {
  error_code ignored;  // the peer may be gone
  state_->socket.shutdown(stream_protocol::socket::shutdown_send, ignored);
}

void StreamSocket::close() {
  error_code ignored;  // closed already
  state_->socket.close(ignored);
}

bool StreamSocket::is_open() const { return state_->socket.is_open(); }

}  // namespace ostler::net
