// SPDX-License-Identifier: Apache-2.0
#include "net/stream_socket.hpp"

#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <utility>

#include "net/io_deadline.hpp"

namespace ostler::net {

namespace asio = boost::asio;
using asio::generic::stream_protocol;
using boost::system::error_code;
using Milliseconds = std::chrono::milliseconds;

namespace {

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
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

struct StreamSocket::State final : IoDeadline {
  State(UniqueFd fd, const asio::any_io_executor& strand) : IoDeadline(strand), socket(strand) {
    const stream_protocol protocol = protocol_of(fd.get());
    error_code error;
    socket.assign(protocol, fd.get(), error);
    if (!error) fd.release();
  }

  void cancel_io() override {
    error_code ignored;  // closed already
    socket.cancel(ignored);
  }
  stream_protocol::socket socket;
  std::function<void()> hung_up;
  bool ended = false;  ///< Asio would wait for an event that does not come twice
};

bool has_peer_ended(int socket) {
  char byte = 0;
  const ssize_t got = ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

StreamSocket::StreamSocket(UniqueFd socket, const asio::any_io_executor& strand)
    : state_(std::make_shared<State>(std::move(socket), strand)) {}

StreamSocket::~StreamSocket() { state_->stop(); }

asio::any_io_executor StreamSocket::executor() const { return state_->socket.get_executor(); }

asio::awaitable<Result<void>> StreamSocket::wait_readable(Milliseconds limit) {
  state_->begin(limit);
  const auto [error] =
      co_await state_->socket.async_wait(stream_protocol::socket::wait_read, kAsTuple);
  if (error) co_return state_->end(error);
  state_->end();
  co_return success();
}

asio::awaitable<Result<std::size_t>> StreamSocket::read_some(std::span<char> into,
                                                             Milliseconds limit) {
  if (state_->ended) co_return std::size_t{0};
  state_->begin(limit);
  const auto [error, size] =
      co_await state_->socket.async_read_some(asio::buffer(into.data(), into.size()), kAsTuple);
  if (error == asio::error::eof) {
    state_->ended = true;
    state_->end();
    co_return std::size_t{0};
  }
  if (error) co_return state_->end(error);
  state_->end();
  co_return size;
}

asio::awaitable<Result<void>> StreamSocket::write(std::string_view bytes, Milliseconds stall) {
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, kWritePiece);
    state_->begin(stall);
    const auto [error, size] = co_await asio::async_write(
        state_->socket, asio::buffer(piece.data(), piece.size()), kAsTuple);
    if (error) co_return state_->end(error);
    bytes.remove_prefix(piece.size());
  }
  state_->end();
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
      state_->begin(stall);
      std::tie(error) =
          co_await state_->socket.async_wait(stream_protocol::socket::wait_write, kAsTuple);
    } else if (errno != EINTR) {
      error.assign(errno, boost::system::system_category());
    }
  }
  if (error) co_return state_->end(error);
  state_->end();
  co_return success();
}

void StreamSocket::watch_hang_up(std::function<void()> hung_up) {
  state_->hung_up = std::move(hung_up);
  state_->socket.async_wait(stream_protocol::socket::wait_read, [state = state_](error_code error) {
    if (error || !state->hung_up || !has_peer_ended(state->socket.native_handle())) return;
    std::exchange(state->hung_up, nullptr)();
  });
}

void StreamSocket::stop_watching() {
  state_->hung_up = nullptr;
  cancel();
}

bool StreamSocket::has_hung_up() const { return has_peer_ended(state_->socket.native_handle()); }

void StreamSocket::cancel() { state_->cancel_io(); }

asio::awaitable<void> StreamSocket::end_sending() {
  error_code ignored;  // the peer may be gone
  state_->socket.shutdown(stream_protocol::socket::shutdown_send, ignored);
  co_return;
}

void StreamSocket::close() {
  error_code ignored;  // closed already
  state_->socket.close(ignored);
}

}  // namespace ostler::net
