// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "git/ssh_address.hpp"

namespace ostler::git {

/// Which ssh program is wanted, by the variables that git itself obeys.
struct SshSettings {
  std::string command{};      ///< GIT_SSH_COMMAND: a text for the shell; goes before `program`
  std::string program{};      ///< GIT_SSH: one program
  std::string variant{};      ///< GIT_SSH_VARIANT: "simple" takes no options
  bool may_ask = false;       ///< SSH_ASKPASS_REQUIRE is set: a program gives passphrases
  std::string search_path{};  ///< PATH
};

SshSettings ssh_settings_of_process();

/// A program with its arguments (argument 0 included), ready to be started.
struct SshCommand {
  std::string name{};  ///< of the ssh program, for errors
  std::string executable{};
  std::vector<std::string> arguments{};
  bool is_missing = false;  ///< the shell will find no program of this name
};

/// How git-upload-pack is run at an address. It never asks on a terminal.
/// Errors: UserFault when there is no such program, or it takes no port and one is needed.
Result<SshCommand> ssh_command(const SshAddress& address, const SshSettings& settings);

}  // namespace ostler::git
