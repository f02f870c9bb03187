// SPDX-License-Identifier: Apache-2.0
#include "support/scripted_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <cstdio>

namespace ostler::support {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

ServerRequest plain(http::request<http::string_body> message) {
  ServerRequest request{
      std::string(message.method_string()), std::string(message.target()), {}, {}};
  for (const auto& field : message) {
    request.headers[lower(std::string(field.name_string()))] = std::string(field.value());
  }
  request.body = std::move(message.body());
  return request;
}

/// Each returns whether the connection goes on.
asio::awaitable<bool> give(tcp::socket& socket, ServerReply reply) {
  http::response<http::string_body> message(static_cast<http::status>(reply.status), 11);
  for (const auto& [name, value] : reply.headers) message.set(name, value);
  message.body() = std::move(reply.body);
  message.prepare_payload();
  const auto [ec, sent] = co_await http::async_write(socket, message, kTuple);
  co_return !ec;
}

asio::awaitable<bool> give(tcp::socket& socket, ResetReply) {
  socket.set_option(asio::socket_base::linger(true, 0));
  socket.close();
  co_return false;
}

asio::awaitable<bool> give(tcp::socket& socket, RawReply reply) {
  co_await asio::async_write(socket, asio::buffer(reply.bytes), kTuple);
  if (reply.resets) co_await give(socket, ResetReply());
  co_return false;
}

asio::awaitable<bool> give(tcp::socket& socket, SilentReply) {
  std::array<char, 512> ignored{};
  for (;;) {
    const auto [ec, got] = co_await socket.async_read_some(asio::buffer(ignored), kTuple);
    if (ec) co_return false;
  }
}

asio::awaitable<bool> give(tcp::socket& socket, StreamReply reply) {
  std::string bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";
  for (const auto& [name, value] : reply.headers) bytes.append(name + ": " + value + "\r\n");
  bytes += "\r\n";
  for (;;) {
    const auto [ec, sent] = co_await asio::async_write(socket, asio::buffer(bytes), kTuple);
    if (ec) co_return false;
    const auto piece = co_await reply.next();
    if (!piece) break;
    std::array<char, 24> size{};
    std::snprintf(size.data(), size.size(), "%zx\r\n", piece->size());
    bytes = size.data() + *piece + "\r\n";
  }
  bytes = "0\r\n" + reply.trailers + "\r\n";
  const auto [ec, sent] = co_await asio::async_write(socket, asio::buffer(bytes), kTuple);
  co_return !ec;
}

}  // namespace

struct ScriptedServer::Connections {
  static asio::awaitable<void> serve(tcp::socket socket, Handler handler) {
    socket.set_option(tcp::no_delay(true));
    boost::beast::flat_buffer buffer;
    for (bool goes_on = true; goes_on;) {
      http::request_parser<http::string_body> parser;
      parser.body_limit(64u << 20);
      const auto [ec, got] = co_await http::async_read(socket, buffer, parser, kTuple);
      if (ec) co_return;
      ServerAnswer answer = co_await handler(plain(parser.release()));
      if (auto* reply = std::get_if<ServerReply>(&answer)) {
        goes_on = co_await give(socket, std::move(*reply));
      } else if (auto* stream = std::get_if<StreamReply>(&answer)) {
        goes_on = co_await give(socket, std::move(*stream));
      } else if (auto* raw = std::get_if<RawReply>(&answer)) {
        goes_on = co_await give(socket, std::move(*raw));
      } else if (std::holds_alternative<ResetReply>(answer)) {
        goes_on = co_await give(socket, ResetReply());
      } else {
        goes_on = co_await give(socket, SilentReply());
      }
    }
  }

  static asio::awaitable<void> accept(std::shared_ptr<Connections> self) {
    for (;;) {
      auto [ec, socket] = co_await self->acceptor.async_accept(kTuple);
      if (ec) co_return;
      asio::co_spawn(self->acceptor.get_executor(), serve(std::move(socket), self->handler),
                     asio::detached);
    }
  }

  tcp::acceptor acceptor;
  Handler handler;
};

ScriptedServer::ScriptedServer(Handler handler, unsigned short port) {
  const tcp::endpoint at(asio::ip::address_v4::loopback(), port);
  connections_ =
      std::make_shared<Connections>(Connections{tcp::acceptor(io_, at, true), std::move(handler)});
  port_ = connections_->acceptor.local_endpoint().port();
  url_ = "http://127.0.0.1:" + std::to_string(port_);
  asio::co_spawn(io_, Connections::accept(connections_), asio::detached);
  thread_ = std::thread([this] { io_.run(); });
}

ScriptedServer::~ScriptedServer() {
  io_.stop();
  thread_.join();
}

}  // namespace ostler::support
