// SPDX-License-Identifier: Apache-2.0
#include "git/piped_child.hpp"

#include <unistd.h>

#include <csignal>

#include "process/pipe.hpp"

namespace ostler::git {

Result<PipedChild> spawn_piped(const std::string& executable,
                               const std::vector<std::string>& arguments,
                               std::optional<std::vector<std::string>> environment) {
  OSTLER_TRY(auto in, process::make_pipe(process::Ours::Writes));
  OSTLER_TRY(auto out, process::make_pipe(process::Ours::Reads));
  OSTLER_TRY(auto err, process::make_pipe(process::Ours::Reads));
  process::SpawnOptions options{.executable = executable, .arguments = arguments};
  options.environment = std::move(environment);
  options.fds = {{in.theirs.get(), STDIN_FILENO},
                 {out.theirs.get(), STDOUT_FILENO},
                 {err.theirs.get(), STDERR_FILENO}};
  options.group = process::Group::NewSession;
  options.parent_death_signal = SIGKILL;
  OSTLER_TRY(auto child, process::spawn(options));
  return PipedChild{std::move(child), std::move(in.ours), std::move(out.ours), std::move(err.ours)};
}

bool is_worth_waiting(int number) { return number == EINTR || number == EAGAIN; }

}  // namespace ostler::git
