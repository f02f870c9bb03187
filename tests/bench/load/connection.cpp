// SPDX-License-Identifier: Apache-2.0
#include "bench/load/connection.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdio>
#include <cstdlib>
#include <optional>

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
  std::optional<http::response_parser<http::buffer_body>> stream;
};

namespace {

std::string head_of(std::string_view method, std::string_view path, std::string_view token,
                    std::string_view headers) {
  std::string head;
  head.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: hub\r\n");
  head.append("Authorization: Token ").append(token).append("\r\n").append(headers);
  return head;
}

std::string length_of(std::string_view body) {
  return "Content-Length: " + std::to_string(body.size()) + "\r\n";
}

}  // namespace

Connection::Connection(asio::any_io_executor executor, std::uint16_t port)
    : state_(std::make_unique<State>(executor, port)) {}
Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

asio::awaitable<void> Connection::open() {
  co_await state_->socket.async_connect({asio::ip::address_v4::loopback(), state_->port},
                                        asio::use_awaitable);
  state_->socket.set_option(tcp::no_delay(true));
}

asio::awaitable<CallAnswer> Connection::call(std::string_view method, std::string_view path,
                                             std::string_view token, std::string_view body,
                                             std::string_view headers) {
  std::string head = head_of(method, "/v3" + std::string(path), token, headers);
  if (!body.empty() || method != "GET") head += length_of(body);
  co_await send(std::move(head), body);
  http::response_parser<http::string_body> parser;
  parser.body_limit(16u << 20);
  co_await http::async_read(state_->socket, state_->received, parser, asio::use_awaitable);
  auto message = parser.release();
  co_return CallAnswer{message.result_int(), std::move(message.body())};
}

asio::awaitable<void> Connection::send(std::string head, std::string_view body) {
  head.append("\r\n");
  const std::array<asio::const_buffer, 2> parts{asio::buffer(head), asio::buffer(body)};
  co_await asio::async_write(state_->socket, parts, asio::use_awaitable);
}

asio::awaitable<void> Connection::open_stream(std::string_view path, std::string_view token,
                                              std::string_view body, std::string_view headers) {
  co_await send(head_of("POST", path, token, headers) + length_of(body), body);
  auto& parser = state_->stream.emplace();
  parser.body_limit(boost::none);
  co_await http::async_read_header(state_->socket, state_->received, parser, asio::use_awaitable);
  const unsigned status = parser.get().result_int();
  if (status == 200) co_return;
  std::fprintf(stderr, "POST %s: %u instead of a stream\n", std::string(path).c_str(), status);
  std::exit(1);
}

asio::awaitable<std::string> Connection::read_stream() {
  constexpr std::size_t kPiece = 512;
  std::string piece(kPiece, '\0');
  auto& parser = *state_->stream;
  while (!parser.is_done()) {
    parser.get().body().data = piece.data();
    parser.get().body().size = kPiece;
    const auto [error, count] = co_await http::async_read_some(
        state_->socket, state_->received, parser, asio::as_tuple(asio::use_awaitable));
    if (error && error != http::error::need_buffer) throw boost::system::system_error(error);
    const std::size_t read = kPiece - parser.get().body().size;
    if (read > 0) co_return piece.substr(0, read);
  }
  co_return std::string();
}

}  // namespace ostler::bench
