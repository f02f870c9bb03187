// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace ostler::net {

/// A listening socket of either family.
using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

/// As HttpServer::listen_tcp.
Result<Acceptor> listen_on_tcp(const boost::asio::any_io_executor& executor,
                               const std::string& host, std::uint16_t port);
/// The port that a TCP acceptor got.
std::uint16_t port_of(const Acceptor& acceptor);

/// As HttpServer::listen_unix.
Result<Acceptor> listen_on_unix(const boost::asio::any_io_executor& executor,
                                const std::filesystem::path& path);

/// Whether the other end of a unix socket is a process of our own user or of root.
bool is_same_user(int socket);

}  // namespace ostler::net
