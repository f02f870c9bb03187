// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "base/error.hpp"
#include "git/watcher.hpp"

struct git_remote;
struct git_transport;

namespace ostler::git {

/// What a connection of libgit2 over ssh needs, and what became of it.
struct SshTransport {
  Watcher& watcher;
  std::optional<Error> failure{};  ///< why the connection failed; libgit2 knows less
};

/// Makes libgit2 speak to `remote` through the ssh program instead of libssh2, which knows neither
/// the user's configuration nor newer kinds of keys. Returns a code of libgit2.
/// Requires: `ssh` outlives the remote.
int make_ssh_transport(git_transport** out, git_remote* remote, SshTransport& ssh);

}  // namespace ostler::git
