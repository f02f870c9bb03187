// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/box_usage.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace ostler::plugin_host {
namespace {

std::chrono::microseconds duration_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

/// The C library's waitid() hides the kernel's last argument.
BoxUsage usage_of_ended(pid_t pid) {
  siginfo_t info{};
  rusage used{};
  if (::syscall(SYS_waitid, P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT, &used) != 0) return {};
  return {duration_of(used.ru_utime) + duration_of(used.ru_stime),
          std::int64_t{used.ru_maxrss} * 1024};
}

std::string describe(const BoxUsage& usage) {
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(),
                "used %.2f s of processor time and at most %.1f MiB of memory",
                static_cast<double>(usage.processor.count()) / 1e6,
                static_cast<double>(usage.memory) / (1 << 20));
  return text.data();
}

}  // namespace ostler::plugin_host
