// SPDX-License-Identifier: Apache-2.0
#include "supervise/async_channel.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <exception>

#include "supervise/channel.hpp"

namespace ostler::supervise {
namespace {

namespace asio = boost::asio;
using Socket = asio::local::stream_protocol::socket;
const auto kAwait = asio::as_tuple(asio::use_awaitable);

Error failed(const boost::system::error_code& ec, const char* what) {
  if (ec == asio::error::operation_aborted || ec == asio::error::bad_descriptor) {
    return Error(Errc::Cancelled, std::string(what) + " was stopped");
  }
  return Error::from_errno(ec.value(), what);
}

}  // namespace

struct AsyncChannel::State {
  State(const asio::any_io_executor& executor, std::uint32_t longest)
      : socket(executor),
        reader(longest),
        progress(executor, asio::steady_timer::time_point::max()) {}

  Socket socket;
  FrameReader reader;
  std::string waiting;          ///< frames that no write has taken yet
  std::uint64_t queued = 0;     ///< bytes ever put into `waiting`
  std::uint64_t sent = 0;       ///< bytes that the socket took
  asio::steady_timer progress;  ///< cancelled whenever `sent`, `is_writing` or `failure` change
  bool is_writing = false;
  bool is_posted = false;  ///< a write_posted() is about to begin
  boost::system::error_code failure;

  std::uint64_t enqueue(std::string frames);
  asio::awaitable<void> wait_for_progress() { co_await progress.async_wait(kAwait); }
  asio::awaitable<void> write_until(std::uint64_t end);
  asio::awaitable<void> write_waiting();
  static asio::awaitable<void> write_posted(std::shared_ptr<State> state);
};

/// Where they end among all bytes ever queued.
std::uint64_t AsyncChannel::State::enqueue(std::string frames) {
  queued += frames.size();
  if (waiting.empty()) {
    waiting = std::move(frames);
  } else {
    waiting.append(frames);
  }
  return queued;
}

asio::awaitable<void> AsyncChannel::State::write_until(std::uint64_t end) {
  while (sent < end && !failure) {
    if (is_writing) {
      co_await wait_for_progress();
    } else {
      co_await write_waiting();
    }
  }
}

asio::awaitable<void> AsyncChannel::State::write_posted(std::shared_ptr<State> state) {
  co_await asio::post(state->socket.get_executor(), asio::use_awaitable);
  state->is_posted = false;
  co_await state->write_until(state->queued);
}

/// Writes what waits now. A cancel does not reach the write: half a frame would end the stream.
asio::awaitable<void> AsyncChannel::State::write_waiting() {
  is_writing = true;
  const std::string bytes = std::exchange(waiting, {});
  const auto [ec, size] = co_await asio::async_write(
      socket, asio::buffer(bytes), asio::bind_cancellation_slot(asio::cancellation_slot(), kAwait));
  is_writing = false;
  sent += size;
  if (ec) failure = ec;
  progress.cancel();
}

AsyncChannel::AsyncChannel(std::shared_ptr<State> state) : state_(std::move(state)) {}
AsyncChannel::AsyncChannel(AsyncChannel&&) noexcept = default;
AsyncChannel& AsyncChannel::operator=(AsyncChannel&&) noexcept = default;
AsyncChannel::~AsyncChannel() = default;

Result<AsyncChannel> AsyncChannel::adopt(asio::any_io_executor executor, UniqueFd socket,
                                         std::uint32_t longest) {
  auto state = std::make_shared<State>(executor, longest);
  boost::system::error_code ec;
  state->socket.assign(asio::local::stream_protocol(), socket.get(), ec);
  if (ec) return Error::from_errno(ec.value(), "adopt a socket");
  socket.release();
  return AsyncChannel(std::move(state));
}

asio::awaitable<Result<Frame>> AsyncChannel::receive(std::chrono::steady_clock::duration timeout) {
  using asio::experimental::awaitable_operators::operator||;
  const auto state = state_;
  asio::steady_timer deadline(state->socket.get_executor());
  deadline.expires_at(timeout == kForever ? asio::steady_timer::time_point::max()
                                          : asio::steady_timer::clock_type::now() + timeout);
  for (;;) {
    OSTLER_CO_TRY(const auto frame, state->reader.next());
    if (frame) co_return *frame;
    if (!state->socket.is_open()) co_return failed(asio::error::operation_aborted, "receive");
    OSTLER_CO_TRY(const auto filled, state->reader.fill(state->socket.native_handle()));
    if (filled == FrameReader::Fill::Bytes) continue;
    if (filled == FrameReader::Fill::End) {
      co_return Error(Errc::Unavailable, "the peer process closed the connection");
    }
    boost::system::error_code ec;
    if (timeout == kForever) {
      std::tie(ec) = co_await state->socket.async_wait(Socket::wait_read, kAwait);
    } else {
      const auto first = co_await (state->socket.async_wait(Socket::wait_read, kAwait) ||
                                   deadline.async_wait(kAwait));
      if (first.index() == 1 && !std::get<0>(std::get<1>(first))) {
        co_return Error(Errc::Timeout, "the peer process did not answer in time");
      }
      if (first.index() == 0) ec = std::get<0>(std::get<0>(first));
    }
    if (ec) co_return failed(ec, "receive");
  }
}

asio::awaitable<Result<void>> AsyncChannel::send_frames(std::string frames) {
  const auto state = state_;
  const std::uint64_t mine = state->enqueue(std::move(frames));
  co_await state->write_until(mine);
  if (state->sent < mine) co_return failed(state->failure, "send to the peer process");
  co_return success();
}

void AsyncChannel::post_frames(std::string frames) {
  state_->enqueue(std::move(frames));
  if (std::exchange(state_->is_posted, true)) return;
  asio::co_spawn(state_->socket.get_executor(), State::write_posted(state_),
                 [](const std::exception_ptr& fault) {
                   if (fault) std::terminate();
                 });
}

void AsyncChannel::close() {
  boost::system::error_code ec;
  state_->socket.close(ec);
  state_->failure = asio::error::operation_aborted;
  state_->progress.cancel();
}

}  // namespace ostler::supervise
