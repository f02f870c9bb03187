// SPDX-License-Identifier: Apache-2.0
#include "bench/load/listeners.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <string_view>

#include "bench/load/end_on_failure.hpp"
#include "files/file.hpp"

namespace ostler::bench {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Counts the events in the bytes of a stream, which come in any pieces; as cheaply as can be, for
/// the hub runs on the same machine.
class EventCount {
 public:
  void feed(std::string_view bytes) {
    for (std::size_t at = bytes.find('\n'); at != bytes.npos; at = bytes.find('\n', at + 1)) {
      if (bytes.substr(at + 1).starts_with("data: ")) ++events_;
    }
  }
  std::uint64_t events() const { return events_; }

 private:
  std::uint64_t events_ = 0;
};

}  // namespace

Listeners::Listeners(const support::HubProcess& hub, std::string path, std::size_t size,
                     std::uint64_t history)
    : size_(size), history_(history) {
  const auto token = files::read_file(hub.data() / "api-token").value();
  const std::string request = "GET /v2/organizations/ostler" + path +
                              " HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nAuthorization: "
                              "Bearer " +
                              token.substr(0, token.find('\n')) + "\r\n\r\n";
  for (std::size_t i = 0; i < size; ++i) {
    asio::co_spawn(context_, listen(request, hub.port()), end_on_failure);
  }
  thread_ = std::thread([this] { context_.run(); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return ready_ == size_; });
  events_ = 0;
}

Listeners::~Listeners() {
  context_.stop();
  thread_.join();
}

asio::awaitable<void> Listeners::listen(std::string request, std::uint16_t port) {
  tcp::socket socket(context_);
  co_await socket.async_connect({asio::ip::address_v4::loopback(), port}, asio::use_awaitable);
  co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
  EventCount count;
  std::string unread;  // the begin of a line that has not come whole
  bool is_ready = false;
  std::array<char, 16u << 10> piece{};
  for (;;) {
    const auto [error, size] =
        co_await socket.async_read_some(asio::buffer(piece), asio::as_tuple(asio::use_awaitable));
    if (error) break;
    unread.append(piece.data(), size);
    const std::size_t end = unread.rfind('\n');
    if (end == unread.npos) continue;
    const std::uint64_t before = count.events();
    count.feed(std::string_view(unread).substr(0, end));
    unread.erase(0, end);
    const std::lock_guard lock(mutex_);
    events_ += count.events() - before;
    if (is_ready || count.events() < history_) continue;
    is_ready = true;
    ++ready_;
    changed_.notify_all();
  }
  const std::lock_guard lock(mutex_);
  ++ended_;
  changed_.notify_all();
}

Listeners::Heard Listeners::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return ended_ == size_; });
  return {events_, std::chrono::steady_clock::now()};
}

}  // namespace ostler::bench
