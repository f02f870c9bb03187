// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

// Root enters what is closed to everybody else, and removes what is nobody's business.
namespace ostler::support {

/// Calls `work` in a process of the user nobody, who is given `directory` first; in one of this
/// user where this is not root. True: it returned true.
inline bool as_nobody(const std::filesystem::path& directory, const std::function<bool()>& work) {
  constexpr uid_t kNobody = 65'534;
  if (::geteuid() == 0 && ::chown(directory.c_str(), kNobody, kNobody) != 0) return false;
  const pid_t child = ::fork();
  if (child == 0) {
    const bool is_one = ::geteuid() != 0 || (::setresgid(kNobody, kNobody, kNobody) == 0 &&
                                             ::setresuid(kNobody, kNobody, kNobody) == 0);
    ::_exit(is_one && work() ? 0 : 1);
  }
  int status = -1;
  return ::waitpid(child, &status, 0) == child && status == 0;
}

/// Whether that user can work there at all: what the directory lies in may be closed to him.
inline bool can_nobody_work_in(const std::filesystem::path& directory) {
  return as_nobody(directory, [&] { return ::access(directory.c_str(), W_OK | X_OK) == 0; });
}

}  // namespace ostler::support
