// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>

#include "base/error.hpp"

namespace boost::system {
class error_code;
}

namespace ostler::net {

/// What a stream's state begins with: the deadline of the operation under way. Held by shared_ptr.
/// Runs on: the strand it was made with.
class IoDeadline : public std::enable_shared_from_this<IoDeadline> {
 public:
  explicit IoDeadline(const boost::asio::any_io_executor& strand);
  virtual ~IoDeadline();
  IoDeadline(const IoDeadline&) = delete;
  IoDeadline& operator=(const IoDeadline&) = delete;

  /// An operation begins, which may last so long.
  void begin(std::chrono::milliseconds limit);
  /// It has ended well.
  void end() { due_ = kNever; }
  /// It has ended with `error`; in the words of net::Stream.
  Error end(const boost::system::error_code& error);
  /// Nothing will begin any more.
  void stop();

 protected:
  /// Cancels what runs on the socket.
  virtual void cancel_io() = 0;

 private:
  static constexpr auto kNever = std::chrono::steady_clock::time_point::max();
  struct Timer;
  void arm();

  std::unique_ptr<Timer> timer_;
  std::chrono::steady_clock::time_point due_ = kNever;
  bool armed_ = false;
  bool expired_ = false;
};

}  // namespace ostler::net
