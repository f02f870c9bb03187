// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "net/stream.hpp"

namespace boost::asio::ssl {
class context;
}

namespace ostler::net {

/// The server's end of a TLS connection. The peer has 10 seconds to shake hands.
class TlsStream final : public Stream {
 public:
  /// `socket` is connected and non-blocking.
  TlsStream(UniqueFd socket, const boost::asio::any_io_executor& strand,
            boost::asio::ssl::context& context);
  ~TlsStream() override;
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

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
