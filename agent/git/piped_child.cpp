// SPDX-License-Identifier: Apache-2.0
#include "git/piped_child.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace ostler::git {
namespace {

struct Pipe {
  UniqueFd ours;
  UniqueFd theirs;
};

enum class Ours { Reads, Writes };

Result<Pipe> make_pipe(Ours ours) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return Error::from_errno(errno, "make a pipe");
  const bool reads = ours == Ours::Reads;
  Pipe pipe{UniqueFd(ends[reads ? 0 : 1]), UniqueFd(ends[reads ? 1 : 0])};
  ::fcntl(pipe.ours.get(), F_SETFL, O_NONBLOCK);
  return pipe;
}

}  // namespace

Result<PipedChild> spawn_piped(const std::string& executable,
                               const std::vector<std::string>& arguments,
                               std::optional<std::vector<std::string>> environment) {
  OSTLER_TRY(auto in, make_pipe(Ours::Writes));
  OSTLER_TRY(auto out, make_pipe(Ours::Reads));
  OSTLER_TRY(auto err, make_pipe(Ours::Reads));
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
