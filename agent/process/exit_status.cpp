// SPDX-License-Identifier: Apache-2.0
#include "process/exit_status.hpp"

#include <sys/wait.h>

#include "process/signal_name.hpp"

namespace ostler::process {

ExitStatus exit_status_of_wait(int status) {
  if (WIFSIGNALED(status)) return Signalled{WTERMSIG(status), WCOREDUMP(status) != 0};
  return Exited{WEXITSTATUS(status)};
}

std::string describe(const ExitStatus& status) {
  if (const auto* exited = std::get_if<Exited>(&status)) {
    return "exit status " + std::to_string(exited->code);
  }
  const auto& signalled = std::get<Signalled>(status);
  return "signal " + std::to_string(signalled.signal) + " (" + signal_name(signalled.signal) + ")" +
         (signalled.core_dumped ? ", core dumped" : "");
}

}  // namespace ostler::process
