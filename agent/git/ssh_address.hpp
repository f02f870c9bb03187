// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::git {

/// What an address of the kind Ssh asks for.
struct SshAddress {
  std::string destination;  ///< "host" or "user@host", as the ssh program takes it
  std::string host;         ///< without user and brackets
  std::string port;         ///< digits; empty: whatever ssh chooses
  std::string path;         ///< as the host is to see it
};

/// Reads ssh://[user@]host[:port]/path and [user@]host:path, with a literal IPv6 host in brackets,
/// as git does: /~name/ of a URL is a path from that home.
/// Errors: UserFault when there is no host or path, the port is no port, a password is given, or a
/// part begins with "-" or holds control characters, which ssh could take for something else.
Result<SshAddress> parse_ssh_address(std::string_view url);

/// `text` as one word of the shell that the host gives its commands to.
std::string quoted_for_shell(std::string_view text);

}  // namespace ostler::git
