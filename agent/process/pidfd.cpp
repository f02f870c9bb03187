// SPDX-License-Identifier: Apache-2.0
#include "process/pidfd.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace ostler::process {

Result<UniqueFd> open_pidfd(pid_t pid) {
  // glibc 2.36 declares these calls without C linkage.
  UniqueFd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (fd) return fd;
  if (errno == ESRCH) return Error(Errc::NotFound, "no process " + std::to_string(pid));
  return Error::from_errno(errno, "open a handle of process " + std::to_string(pid));
}

bool signal_pidfd(int pidfd, int signal) {
  return ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0) == 0;
}

}  // namespace ostler::process
