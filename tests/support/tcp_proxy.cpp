// SPDX-License-Identifier: Apache-2.0
#include "support/tcp_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <list>
#include <optional>
#include <thread>

#include "base/assert.hpp"
#include "base/guarded.hpp"
#include "base/unique_fd.hpp"

namespace ostler::support {
namespace {

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool send_all(int fd, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(fd, bytes, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

/// Everything one client sent, kept so that a text over two reads is found.
struct Conversation {
  std::string sent;
};

}  // namespace

struct TcpProxy::State {
  int target = 0;
  int port = 0;
  UniqueFd listener;
  UniqueFd stop{::eventfd(0, EFD_CLOEXEC)};
  Guarded<std::list<Conversation>> conversations;
  Guarded<std::list<std::thread>> pumps;
  std::thread acceptor;
  std::optional<Tunnel> tunnel;

  void listen();
  void listen_at(const std::filesystem::path& path);
  void accept_clients();
  void pump(UniqueFd client, Conversation& conversation);
  bool pass_on(int from, int to, Conversation* record);
  bool open_tunnel(int client, Conversation& conversation);
};

void TcpProxy::State::listen() {
  listener.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback(0);
  OSTLER_ASSERT(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  OSTLER_ASSERT(::listen(listener.get(), 64) == 0);
  socklen_t size = sizeof address;
  OSTLER_ASSERT(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port = ntohs(address.sin_port);
}

void TcpProxy::State::listen_at(const std::filesystem::path& path) {
  listener.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  OSTLER_ASSERT(path.native().size() < sizeof address.sun_path);
  std::ranges::copy(path.native(), address.sun_path);
  OSTLER_ASSERT(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  OSTLER_ASSERT(::listen(listener.get(), 64) == 0);
}

void TcpProxy::State::accept_clients() {
  for (;;) {
    std::array<pollfd, 2> waits{{{listener.get(), POLLIN, 0}, {stop.get(), POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), -1);
    if ((waits[1].revents & POLLIN) != 0) return;
    UniqueFd client(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!client) continue;
    Conversation* conversation =
        conversations.with([](auto& list) { return &list.emplace_back(); });
    pumps.with([&](auto& list) {
      list.emplace_back(
          [this, conversation, fd = client.release()] { pump(UniqueFd(fd), *conversation); });
    });
  }
}

bool TcpProxy::State::pass_on(int from, int to, Conversation* record) {
  std::array<char, 65536> piece;
  const ssize_t got = ::read(from, piece.data(), piece.size());
  if (got <= 0) return false;
  if (record != nullptr) {
    conversations.with(
        [&](auto&) { record->sent.append(piece.data(), static_cast<std::size_t>(got)); });
  }
  return send_all(to, piece.data(), static_cast<std::size_t>(got));
}

/// Reads the head of a CONNECT, byte by byte, for what follows it is not the proxy's.
bool TcpProxy::State::open_tunnel(int client, Conversation& conversation) {
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    std::array<pollfd, 2> waits{{{client, POLLIN, 0}, {stop.get(), POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), -1);
    char byte = 0;
    if (waits[1].revents != 0 || ::read(client, &byte, 1) != 1) return false;
    head += byte;
  }
  conversations.with([&](auto&) { conversation.sent += head; });
  return send_all(client, tunnel->answer.data(), tunnel->answer.size()) &&
         tunnel->answer.find(" 200 ") != std::string::npos;
}

void TcpProxy::State::pump(UniqueFd client, Conversation& conversation) {
  if (tunnel && !open_tunnel(client.get(), conversation)) return;
  const UniqueFd server(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(target);
  if (::connect(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return;
  }
  for (;;) {
    std::array<pollfd, 3> waits{
        {{client.get(), POLLIN, 0}, {server.get(), POLLIN, 0}, {stop.get(), POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), -1);
    if (waits[2].revents != 0) return;
    if (waits[0].revents != 0 && !pass_on(client.get(), server.get(), &conversation)) return;
    if (waits[1].revents != 0 && !pass_on(server.get(), client.get(), nullptr)) return;
  }
}

TcpProxy::TcpProxy(int port) : state_(std::make_unique<State>()) {
  state_->target = port;
  state_->listen();
  state_->acceptor = std::thread([state = state_.get()] { state->accept_clients(); });
}

TcpProxy::TcpProxy(int port, const std::filesystem::path& socket)
    : state_(std::make_unique<State>()) {
  state_->target = port;
  state_->listen_at(socket);
  state_->acceptor = std::thread([state = state_.get()] { state->accept_clients(); });
}

TcpProxy::TcpProxy(int port, Tunnel tunnel) : state_(std::make_unique<State>()) {
  state_->target = port;
  state_->tunnel = std::move(tunnel);
  state_->listen();
  state_->acceptor = std::thread([state = state_.get()] { state->accept_clients(); });
}

TcpProxy::~TcpProxy() {
  const std::uint64_t one = 1;
  OSTLER_ASSERT(::write(state_->stop.get(), &one, sizeof one) == sizeof one);
  state_->acceptor.join();
  auto pumps = state_->pumps.with([](auto& list) { return std::move(list); });
  for (auto& pump : pumps) pump.join();
}

std::string TcpProxy::url() const { return "http://127.0.0.1:" + std::to_string(state_->port); }

int TcpProxy::count(const std::string& text) const {
  return state_->conversations.with([&](auto& list) {
    int found = 0;
    for (const auto& conversation : list) {
      for (auto at = conversation.sent.find(text); at != std::string::npos;
           at = conversation.sent.find(text, at + text.size())) {
        ++found;
      }
    }
    return found;
  });
}

}  // namespace ostler::support
