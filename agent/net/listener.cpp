// SPDX-License-Identifier: Apache-2.0
#include "net/listener.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace ostler::net {
namespace {

constexpr int kKind = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

Error listen_error(const std::string& where) {
  const int number = errno;
  const std::string what = "listen on " + where;
  if (number == EADDRINUSE) {
    return Error(Errc::Conflict, what + ": the address is in use").with_native(number);
  }
  return Error::from_errno(number, what);
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

Result<std::unique_ptr<addrinfo, FreeAddresses>> resolve(const std::string& host,
                                                         std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) {
    return Error(Errc::UserFault, "listen on " + host + ": there is no such address");
  }
  return std::unique_ptr<addrinfo, FreeAddresses>(found);
}

std::uint16_t bound_port(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  // The port stands at the same place in both families.
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

Result<sockaddr_un> unix_address(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path) {
    return Error(Errc::UserFault, "listen on " + path.native() + ": the path is longer than " +
                                      std::to_string(sizeof address.sun_path - 1) + " bytes");
  }
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  return address;
}

/// Whether a server answers at a unix socket; a socket left by a dead one refuses.
bool answers(const sockaddr_un& address) {
  const UniqueFd probe(::socket(AF_UNIX, kKind, 0));
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
         errno == EAGAIN;
}

}  // namespace

Result<Listener> listen_on_tcp(const std::string& host, std::uint16_t port) {
  OSTLER_TRY(const auto address, resolve(host, port));
  const std::string where = host + ":" + std::to_string(port);
  UniqueFd socket(::socket(address->ai_family, kKind, 0));
  if (!socket) return listen_error(where);
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(socket.get(), address->ai_addr, address->ai_addrlen) != 0 ||
      ::listen(socket.get(), SOMAXCONN) != 0) {
    return listen_error(where);
  }
  const std::uint16_t bound = bound_port(socket.get());
  return Listener{std::move(socket), bound, false};
}

Result<Listener> listen_on_unix(const std::filesystem::path& path) {
  OSTLER_TRY(const auto address, unix_address(path));
  if (answers(address)) {
    return Error(Errc::Conflict, "listen on " + path.native() + ": somebody else serves it");
  }
  ::unlink(path.c_str());
  UniqueFd socket(::socket(AF_UNIX, kKind, 0));
  // Nobody can connect before listen, so the mode is right for the first one who does.
  if (!socket ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::chmod(path.c_str(), 0600) != 0 || ::listen(socket.get(), SOMAXCONN) != 0) {
    return listen_error(path.native());
  }
  return Listener{std::move(socket), 0, true};
}

bool is_same_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == ::geteuid() || peer.uid == 0;
}

}  // namespace ostler::net
