// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace ostler::bench {

struct CallAnswer {
  unsigned status = 0;
  std::string body;
};

/// One connection to a hub on loopback that stays open between calls: the cheapest client there is,
/// so that thousands of them cost the machine less than the hub does. A call that fails ends the
/// program. Runs on: one thread.
class Connection {
 public:
  Connection(boost::asio::any_io_executor executor, std::uint16_t port);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  boost::asio::awaitable<void> open();
  /// `path` is what follows /v3; `headers` are whole lines.
  boost::asio::awaitable<CallAnswer> call(std::string_view method, std::string_view path,
                                          std::string_view token, std::string_view body = {},
                                          std::string_view headers = {});

  /// Begins an answer that goes on: a POST to `path`, from the root. Nothing else can be called on
  /// the connection until it has ended.
  boost::asio::awaitable<void> open_stream(std::string_view path, std::string_view token,
                                           std::string_view body, std::string_view headers);
  /// What comes next of that answer; empty when it has ended.
  boost::asio::awaitable<std::string> read_stream();

 private:
  boost::asio::awaitable<void> send(std::string head, std::string_view body);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ostler::bench
