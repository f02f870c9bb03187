// SPDX-License-Identifier: Apache-2.0
#include "support/raw_connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace ostler::support {

RawConnection::RawConnection(UniqueFd fd) : fd_(std::move(fd)) {
  const timeval limit{.tv_sec = 20, .tv_usec = 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

RawConnection RawConnection::to_port(std::uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fd.reset();
  const int on = 1;
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return RawConnection(std::move(fd));
}

RawConnection RawConnection::to_tls_port(std::uint16_t port) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without a way to keep it away
  RawConnection connection = to_port(port);
  const std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)> context(
      ::SSL_CTX_new(::TLS_client_method()), ::SSL_CTX_free);
  connection.tls_.reset(::SSL_new(context.get()), ::SSL_free);
  ::SSL_set_fd(connection.tls_.get(), connection.fd_.get());
  if (::SSL_connect(connection.tls_.get()) != 1) connection.fd_.reset();
  return connection;
}

RawConnection RawConnection::to_unix(const std::filesystem::path& path) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fd.reset();
  return RawConnection(std::move(fd));
}

bool RawConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = tls_
                             ? ::SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                             : ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawConnection::shut_down_sending() {
  if (tls_) ::SSL_shutdown(tls_.get());
  ::shutdown(fd_.get(), SHUT_WR);
}

bool RawConnection::receive() {
  std::array<char, 65536> piece;
  const ssize_t got = tls_ ? ::SSL_read(tls_.get(), piece.data(), static_cast<int>(piece.size()))
                           : ::recv(fd_.get(), piece.data(), piece.size(), 0);
  if (got <= 0) return false;
  received_.append(piece.data(), static_cast<std::size_t>(got));
  return true;
}

std::string RawConnection::take(std::size_t size) {
  while (received_.size() < size && receive()) {
  }
  std::string taken = received_.substr(0, size);
  received_.erase(0, taken.size());
  return taken;
}

std::string RawConnection::take_to(std::string_view end) {
  while (received_.find(end) == std::string::npos) {
    if (!receive()) return "";
  }
  return take(received_.find(end) + end.size());
}

std::string RawConnection::read_head() { return take_to("\r\n\r\n"); }

std::string RawConnection::read_chunk() {
  const std::size_t size = std::strtoull(take_to("\r\n").c_str(), nullptr, 16);
  if (size > 0) return take(size + 2).substr(0, size);
  trailers_.clear();
  for (std::string line = take_to("\r\n"); line.size() > 2; line = take_to("\r\n")) {
    trailers_ += line;
  }
  return "";
}

std::string RawConnection::read_answer() {
  std::string answer = read_head();
  if (const auto at = answer.find("Content-Length: "); at != std::string::npos) {
    return answer + take(std::strtoull(answer.c_str() + at + 16, nullptr, 10));
  }
  if (answer.find("Transfer-Encoding: chunked") == std::string::npos) return answer;
  for (std::string chunk = read_chunk(); !chunk.empty(); chunk = read_chunk()) answer += chunk;
  return answer;
}

std::string RawConnection::read_to_end() {
  while (receive()) {
  }
  return std::exchange(received_, "");
}

int status_in(std::string_view answer) {
  return answer.size() > 12 ? std::atoi(std::string(answer.substr(9, 3)).c_str()) : 0;
}

std::string body_in(std::string_view answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == answer.npos ? "" : std::string(answer.substr(end + 4));
}

}  // namespace ostler::support
