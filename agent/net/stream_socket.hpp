// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::net {

/// A connected stream socket of either family, each of whose waits has a deadline.
/// One operation at a time. Runs on: the strand it was made with.
/// Errors of its operations: Timeout; Cancelled after `cancel` or `close`; Unavailable when the
/// peer is gone.
class StreamSocket {
 public:
  /// `socket` is non-blocking.
  StreamSocket(UniqueFd socket, const boost::asio::any_io_executor& strand);
  ~StreamSocket();
  StreamSocket(const StreamSocket&) = delete;
  StreamSocket& operator=(const StreamSocket&) = delete;

  boost::asio::any_io_executor executor() const;

  /// Returns when there is something to read, the end of the stream included.
  boost::asio::awaitable<Result<void>> wait_readable(std::chrono::milliseconds limit);
  /// Receives at least one byte; 0 at the end of the stream.
  boost::asio::awaitable<Result<std::size_t>> read_some(std::span<char> into,
                                                        std::chrono::milliseconds limit);
  /// Sends all of it. `stall` bounds each wait for the peer to take some, not the whole.
  boost::asio::awaitable<Result<void>> write(std::string_view bytes,
                                             std::chrono::milliseconds stall);
  /// Sends part of a file without copying it through this process.
  /// Errors: also Corrupt when the file is shorter.
  boost::asio::awaitable<Result<void>> send_file(int file, std::uint64_t offset, std::uint64_t size,
                                                 std::chrono::milliseconds stall);

  /// Calls `hung_up` once when the peer ends its side, until `stop_watching`. Bytes that arrive
  /// before the end hide it. Requires: no operation runs meanwhile.
  void watch_hang_up(std::function<void()> hung_up);
  void stop_watching();
  /// Whether the peer has ended its side and all its bytes have been read.
  bool has_hung_up() const;

  void cancel();
  void shut_down_sending();
  void close();
  bool is_open() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace ostler::net
