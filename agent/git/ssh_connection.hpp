// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "git/piped_child.hpp"
#include "git/ssh_address.hpp"
#include "git/ssh_command.hpp"
#include "git/watcher.hpp"

namespace ostler::git {

/// git-upload-pack at another host, through a child process that is the user's ssh program: its
/// configuration, keys, agent and known hosts hold. What it says to people goes to the watcher.
/// Every wait ends when the watcher says so; the process ends with the connection.
class SshConnection {
 public:
  /// Starts the program; what it cannot reach, reading and writing tell.
  /// Requires: `watcher` outlives it; SIGPIPE is ignored; the thread lives as long as the program.
  static Result<std::unique_ptr<SshConnection>> open(const std::string& url, Watcher& watcher);
  ~SshConnection();

  /// Waits for bytes; 0 when the peer ended well. Errors: those of ssh_failure; Cancelled.
  Result<std::size_t> read(std::span<char> buffer);
  /// Errors: as read.
  Result<void> write(std::string_view bytes);

 private:
  SshConnection(SshAddress address, SshCommand command, PipedChild ssh, Watcher& watcher)
      : address_(std::move(address)),
        command_(std::move(command)),
        watcher_(watcher),
        ssh_(std::move(ssh)) {}
  Result<void> await(int fd, short events);
  void take_text();
  Result<void> end();

  const SshAddress address_;
  const SshCommand command_;
  Watcher& watcher_;
  PipedChild ssh_;
  std::string text_;  ///< the end of what it wrote to its standard error
};

}  // namespace ostler::git
