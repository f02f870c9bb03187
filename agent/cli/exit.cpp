// SPDX-License-Identifier: Apache-2.0
#include "cli/exit.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "cli/command.hpp"
#include "console/plain_text.hpp"

namespace ostler::cli {
namespace {

bool g_speaks_as_the_genuine_agent = false;

void complain(std::string_view message) {
  const char* name = g_speaks_as_the_genuine_agent ? "buildkite-agent: fatal: " : "ostler: ";
  remark(name + std::string(message));
}

int refused() { return g_speaks_as_the_genuine_agent ? kExitFailed : kExitRefused; }

/// Whether standard output is a pipe that nobody reads any more.
bool is_closed_pipe() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

}  // namespace

void speak_as(std::string_view program) {
  program.remove_prefix(std::min(program.rfind('/') + 1, program.size()));
  g_speaks_as_the_genuine_agent = program == "buildkite-agent";
}

bool speaks_as_the_genuine_agent() { return g_speaks_as_the_genuine_agent; }

void remark(std::string_view sentence) {
  const std::string line = console::plain_lines(sentence) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

int fail(std::string_view message) {
  complain(message);
  return kExitFailed;
}

int refuse(std::string_view message) {
  complain(message);
  return refused();
}

int fail(const Error& error) {
  complain(error.message());
  return error.code() == Errc::UserFault ? refused() : kExitFailed;
}

int status_with_output(int status, LostOutput lost) {
  errno = 0;
  const bool is_kept = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (status != kExitOk || (is_kept && !lost.is_lost) || is_closed_pipe()) return status;
  const int fault = lost.fault == 0 ? errno : lost.fault;
  return fail(std::string("standard output: ") +
              (fault == 0 ? "not all of it could be written" : std::strerror(fault)));
}

}  // namespace ostler::cli
