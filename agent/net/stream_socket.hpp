// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "net/stream.hpp"

namespace ostler::net {

/// A connected stream socket of either family. `send_file` copies nothing through this process.
class StreamSocket final : public Stream {
 public:
  /// `socket` is non-blocking.
  StreamSocket(UniqueFd socket, const boost::asio::any_io_executor& strand);
  ~StreamSocket() override;
  StreamSocket(const StreamSocket&) = delete;
  StreamSocket& operator=(const StreamSocket&) = delete;

  boost::asio::any_io_executor executor() const override;
  boost::asio::awaitable<Result<void>> wait_readable(std::chrono::milliseconds limit) override;
  boost::asio::awaitable<Result<std::size_t>> read_some(std::span<char> into,
                                                        std::chrono::milliseconds limit) override;
  boost::asio::awaitable<Result<void>> write(std::string_view bytes,
                                             std::chrono::milliseconds stall) override;
  boost::asio::awaitable<Result<void>> send_file(int file, std::uint64_t offset, std::uint64_t size,
                                                 std::chrono::milliseconds stall) override;
  void watch_hang_up(std::function<void()> hung_up) override;
  void stop_watching() override;
  bool has_hung_up() const override;
  void cancel() override;
  boost::asio::awaitable<void> end_sending() override;
  void close() override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace ostler::net
