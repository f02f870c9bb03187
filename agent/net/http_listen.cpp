// SPDX-License-Identifier: Apache-2.0
#include "net/http_listen.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>

namespace ostler::net {

namespace asio = boost::asio;
using boost::system::error_code;
using Endpoint = asio::generic::stream_protocol::endpoint;

namespace {

Error listen_error(error_code error, const std::string& where) {
  const std::string what = "listen on " + where;
  if (error == asio::error::address_in_use) {
    return Error(Errc::Conflict, what + ": the address is in use").with_native(error.value());
  }
  return Error::from_errno(error.value(), what);
}

Result<asio::ip::tcp::endpoint> resolve(const std::string& host, std::uint16_t port) {
  error_code error;
  asio::io_context scratch;
  asio::ip::tcp::resolver resolver(scratch);
  const auto found =
      resolver.resolve(host, std::to_string(port), asio::ip::tcp::resolver::passive, error);
  if (error || found.empty()) {
    return Error(Errc::UserFault, "listen on " + host + ": no such address on this machine");
  }
  return found.begin()->endpoint();
}

/// Whether a server answers at a unix socket; a socket left by a dead one refuses.
bool answers(const asio::local::stream_protocol::endpoint& endpoint) {
  asio::io_context scratch;
  asio::local::stream_protocol::socket socket(scratch);
  error_code error;
  socket.connect(endpoint, error);
  return !error || error == asio::error::would_block;
}

}  // namespace

Result<Acceptor> listen_on_tcp(const asio::any_io_executor& executor, const std::string& host,
                               std::uint16_t port) {
  OSTLER_TRY(const auto endpoint, resolve(host, port));
  Acceptor acceptor(executor);
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(Endpoint(endpoint), error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return listen_error(error, host + ":" + std::to_string(port));
  return acceptor;
}

std::uint16_t port_of(const Acceptor& acceptor) {
  const Endpoint endpoint = acceptor.local_endpoint();
  asio::ip::tcp::endpoint tcp;
  std::memcpy(tcp.data(), endpoint.data(), endpoint.size());
  return tcp.port();
}

Result<Acceptor> listen_on_unix(const asio::any_io_executor& executor,
                                const std::filesystem::path& path) {
  if (path.native().size() >= sizeof(sockaddr_un::sun_path)) {
    return Error(Errc::UserFault, "listen on " + path.native() + ": the path is longer than " +
                                      std::to_string(sizeof(sockaddr_un::sun_path) - 1) + " bytes");
  }
  const asio::local::stream_protocol::endpoint endpoint(path.native());
  if (answers(endpoint)) {
    return Error(Errc::Conflict, "listen on " + path.native() + ": somebody else serves it");
  }
  ::unlink(path.c_str());
  Acceptor acceptor(executor);
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.bind(Endpoint(endpoint), error);
  // Nobody can connect before listen, so the mode is right for the first one who does.
  if (!error && ::chmod(path.c_str(), 0600) != 0)
    error.assign(errno, boost::system::system_category());
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return listen_error(error, path.native());
  return acceptor;
}

bool is_same_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == ::geteuid() || peer.uid == 0;
}

}  // namespace ostler::net
