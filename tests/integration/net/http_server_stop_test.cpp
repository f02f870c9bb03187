// SPDX-License-Identifier: Apache-2.0
// A stop reaches a connection whose stream could not be cancelled at the moment it was told.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "net/http_server.hpp"
#include "net/stream_socket.hpp"
#include "support/raw_connection.hpp"

namespace ostler::net {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Loses its first cancel, as a TLS stream does between two steps of one operation.
class HardOfHearing final : public Stream {
 public:
  HardOfHearing(UniqueFd socket, const asio::any_io_executor& strand, std::promise<void>& idle)
      : stream_(std::move(socket), strand), idle_(idle) {}

  asio::any_io_executor executor() const override { return stream_.executor(); }
  asio::awaitable<Result<void>> wait_readable(milliseconds limit) override {
    idle_.set_value();
    return stream_.wait_readable(limit);
  }
  asio::awaitable<Result<std::size_t>> read_some(std::span<char> into,
                                                 milliseconds limit) override {
    return stream_.read_some(into, limit);
  }
  asio::awaitable<Result<void>> write(std::string_view bytes, milliseconds stall) override {
    return stream_.write(bytes, stall);
  }
  asio::awaitable<Result<void>> send_file(int file, std::uint64_t offset, std::uint64_t size,
                                          milliseconds stall) override {
    return stream_.send_file(file, offset, size, stall);
  }
  void watch_hang_up(std::function<void()> hung_up) override {
    stream_.watch_hang_up(std::move(hung_up));
  }
  void stop_watching() override { stream_.stop_watching(); }
  bool has_hung_up() const override { return stream_.has_hung_up(); }
  void cancel() override {
    if (std::exchange(is_told_, true)) stream_.cancel();
  }
  asio::awaitable<void> end_sending() override { return stream_.end_sending(); }
  void close() override { stream_.close(); }

 private:
  StreamSocket stream_;
  std::promise<void>& idle_;
  bool is_told_ = false;
};

class Echo final : public RequestHandler {
 public:
  asio::awaitable<ServerResponse> handle(ServerRequest& request) override {
    co_return json_response(200, request.target);
  }
};

TEST(HttpServerStop, EndsAnIdleConnectionThoughACancelIsLost) {
  asio::io_context io;
  auto work = asio::make_work_guard(io);
  std::jthread thread([&io] { io.run(); });
  Echo echo;
  HttpServer server(io.get_executor(), echo);
  auto listener = listen_on_tcp("127.0.0.1", 0).value();
  const auto port = listener.port;
  std::promise<void> idle;
  listener.open_stream = [&idle](UniqueFd socket, const asio::any_io_executor& strand) {
    return std::make_unique<HardOfHearing>(std::move(socket), strand, idle);
  };
  server.serve(std::move(listener));
  const auto peer = support::RawConnection::to_port(port);
  idle.get_future().wait();
  const auto begun = std::chrono::steady_clock::now();
  asio::co_spawn(io, server.stop(seconds(15)), asio::use_future).get();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, seconds(10)) << "its grace was used up";
  work.reset();
}

}  // namespace
}  // namespace ostler::net
