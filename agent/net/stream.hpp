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

/// The bytes to and from one peer, each of whose waits has a deadline.
/// One operation at a time. Runs on: the strand it was made with.
/// Errors of its operations: Timeout; Cancelled after `cancel` or `close`; Unavailable when the
/// peer is gone.
class Stream {
 public:
  virtual ~Stream() = default;

  virtual boost::asio::any_io_executor executor() const = 0;

  /// Returns when there is something to read, the end of the stream included.
  virtual boost::asio::awaitable<Result<void>> wait_readable(std::chrono::milliseconds limit) = 0;
  /// Receives at least one byte; 0 at the end of the stream.
  virtual boost::asio::awaitable<Result<std::size_t>> read_some(
      std::span<char> into, std::chrono::milliseconds limit) = 0;
  /// Sends all of it. `stall` bounds each wait for the peer to take some, not the whole.
  virtual boost::asio::awaitable<Result<void>> write(std::string_view bytes,
                                                     std::chrono::milliseconds stall) = 0;
  /// Sends part of a file. Errors: also Corrupt when the file is shorter.
  virtual boost::asio::awaitable<Result<void>> send_file(int file, std::uint64_t offset,
                                                         std::uint64_t size,
                                                         std::chrono::milliseconds stall) = 0;

  /// Calls `hung_up` once when the peer ends its side, until `stop_watching`. Bytes that arrive
  /// before the end hide it. Requires: no operation runs meanwhile.
  virtual void watch_hang_up(std::function<void()> hung_up) = 0;
  virtual void stop_watching() = 0;
  /// Whether the peer has ended its side and all its bytes have been read.
  virtual bool has_hung_up() const = 0;

  virtual void cancel() = 0;
  /// Tells the peer that nothing more will come.
  virtual boost::asio::awaitable<void> end_sending() = 0;
  virtual void close() = 0;
};

/// Whether the peer of a socket has ended its side and nothing is left to read. Does not wait.
bool has_peer_ended(int socket);

/// Makes the stream of an accepted, non-blocking socket.
using StreamOpener =
    std::function<std::unique_ptr<Stream>(UniqueFd, const boost::asio::any_io_executor& strand)>;

}  // namespace ostler::net
