// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "supervise/codec.hpp"

namespace ostler::supervise {

/// A connection for programs on an Asio loop. Any number of coroutines may send, one receives.
/// Runs on: the executor it was made with, which must be a strand or have one thread.
class AsyncChannel {
 public:
  /// Takes a connected stream socket, and from it frames with payloads of at most `longest` bytes.
  static Result<AsyncChannel> adopt(boost::asio::any_io_executor executor, UniqueFd socket,
                                    std::uint32_t longest = kMaxFrame);

  AsyncChannel(AsyncChannel&&) noexcept;
  AsyncChannel& operator=(AsyncChannel&&) noexcept;
  /// Requires: no coroutine is inside send or receive.
  ~AsyncChannel();

  static constexpr std::chrono::steady_clock::duration kForever =
      std::chrono::steady_clock::duration::max();

  /// The next message; its payload is valid until the next call. kForever waits until the peer
  /// says something or closes.
  /// Errors: Timeout; Unavailable when the peer closed; Protocol; Cancelled after close().
  /// Cancel: nothing is lost; the next receive goes on.
  boost::asio::awaitable<Result<Frame>> receive(
      std::chrono::steady_clock::duration timeout = kForever);

  /// Puts one or more whole frames in the queue, in the order of the calls, and returns when the
  /// socket has taken them: a caller never has more in the queue than this.
  /// Errors: Unavailable when the peer is gone; Cancelled after close().
  /// Cancel: the frame is sent all the same; only the waiting for it ends.
  boost::asio::awaitable<Result<void>> send_frames(std::string frames);

  template <class Message>
  boost::asio::awaitable<Result<void>> send(const Message& message) {
    return send_frames(encode_frame(message));
  }

  /// Puts frames in the queue. They are written when the loop next turns, together with all that is
  /// queued by then. Nothing bounds them: for what comes a bounded number of times in a job.
  void post_frames(std::string frames);

  template <class Message>
  void post(const Message& message) {
    post_frames(encode_frame(message));
  }

  /// Ends every send and receive, and the connection.
  void close();

 private:
  struct State;
  explicit AsyncChannel(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace ostler::supervise
