// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "net/stream.hpp"

namespace ostler::net {

/// A listening socket. Connections wait in it until a server accepts them.
struct Listener {
  UniqueFd socket;
  std::uint16_t port = 0;         ///< of TCP
  bool same_user_only = false;    ///< peers of other users but root are turned away (unix)
  StreamOpener open_stream = {};  ///< of what is accepted; none: the socket's bytes as they are
};

/// Listens on a TCP address ("127.0.0.1", "::1", "localhost"); port 0 takes any free one.
/// Errors: Conflict (port in use), Denied, UserFault (no such address).
Result<Listener> listen_on_tcp(const std::string& host, std::uint16_t port);

/// Listens on a unix socket of mode 0600, replacing a dead one of that path.
/// Errors: Conflict (somebody answers there), Denied, UserFault (path too long).
Result<Listener> listen_on_unix(const std::filesystem::path& path);

/// Whether the other end of a unix socket is a process of our own user or of root.
bool is_same_user(int socket);

}  // namespace ostler::net
