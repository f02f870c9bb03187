// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "git/ssh_address.hpp"
#include "git/ssh_command.hpp"
#include "process/exit_status.hpp"

namespace ostler::git {

/// Why a connection over ssh failed, from how the program ended and what it wrote to its standard
/// error: host, its last words (bounded, without control characters) and what to do.
/// Denied (host key, user's key), NotFound (the repository), UserFault (no program here or there),
/// else Unavailable (retryable).
Error ssh_failure(const SshAddress& address, const SshCommand& command,
                  const process::ExitStatus& status, std::string_view text);

}  // namespace ostler::git
