// SPDX-License-Identifier: Apache-2.0
#include "bench/load/connection.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

namespace ostler::bench {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

struct Connection::State {
  State(const asio::any_io_executor& executor, std::uint16_t the_port)
      : socket(executor), port(the_port) {}
  tcp::socket socket;
  std::uint16_t port;
  boost::beast::flat_buffer received;
};

Connection::Connection(asio::any_io_executor executor, std::uint16_t port)
    : state_(std::make_unique<State>(executor, port)) {}
Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;

asio::awaitable<void> Connection::open() {
  co_await state_->socket.async_connect({asio::ip::address_v4::loopback(), state_->port},
                                        asio::use_awaitable);
  state_->socket.set_option(tcp::no_delay(true));
}

asio::awaitable<CallAnswer> Connection::call(std::string_view method, std::string_view path,
                                             std::string_view token, std::string_view body,
                                             std::string_view headers) {
  std::string head;
  head.append(method).append(" /v3").append(path).append(" HTTP/1.1\r\nHost: hub\r\n");
  head.append("Authorization: Token ").append(token).append("\r\n").append(headers);
  if (!body.empty() || method != "GET") {
    head.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  }
  head.append("\r\n");
  const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(body)};
  co_await asio::async_write(state_->socket, parts, asio::use_awaitable);
  http::response_parser<http::string_body> parser;
  parser.body_limit(16u << 20);
  co_await http::async_read(state_->socket, state_->received, parser, asio::use_awaitable);
  auto message = parser.release();
  co_return CallAnswer{message.result_int(), std::move(message.body())};
}

}  // namespace ostler::bench
