// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/box_usage.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>

namespace ostler::plugin_host {
namespace {

constexpr std::int64_t kCountersBehind = 4 << 20;

std::chrono::microseconds duration_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

std::chrono::microseconds processor_of(const rusage& used) {
  return duration_of(used.ru_utime) + duration_of(used.ru_stime);
}

/// The C library's waitid() hides the kernel's last argument.
std::optional<rusage> rusage_of_ended(pid_t pid) {
  siginfo_t info{};
  rusage used{};
  constexpr int kLook = WEXITED | WNOHANG | WNOWAIT;
  if (::syscall(SYS_waitid, P_PID, pid, &info, kLook, &used) != 0) return std::nullopt;
  return used;
}

UniqueFd open_status(const std::string& process) {
  return UniqueFd(::open(("/proc/" + process + "/status").c_str(), O_RDONLY | O_CLOEXEC));
}

/// Bytes; 0: it has no memory any more, or the file is not there.
std::int64_t peak_in(const UniqueFd& status) {
  std::array<char, 4096> text{};
  const ssize_t size = status ? ::pread(status.get(), text.data(), text.size(), 0) : -1;
  if (size <= 0) return 0;
  // At the begin of a line: a process chooses its name, which stands above.
  constexpr std::string_view kName = "\nVmHWM:";
  const std::string_view all(text.data(), static_cast<std::size_t>(size));
  const std::size_t line = all.find(kName);
  const std::size_t digit = line == all.npos ? line : all.find_first_of("0123456789", line);
  if (digit == all.npos) return 0;
  std::int64_t kibibytes = 0;
  std::from_chars(all.data() + digit, all.data() + all.size(), kibibytes);
  return kibibytes * 1024;
}

template <typename... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 96> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

double in_seconds(std::chrono::microseconds time) {
  return static_cast<double>(time.count()) / 1e6;
}

}  // namespace

std::chrono::microseconds processor_of_ended(pid_t pid) {
  const auto used = rusage_of_ended(pid);
  return used ? processor_of(*used) : std::chrono::microseconds{};
}

BoxMeter::BoxMeter(pid_t child)
    : child_(child),
      status_(open_status(std::to_string(child))),
      inherited_(peak_in(open_status("self"))) {}

void BoxMeter::look() {
  if (const std::int64_t peak = peak_in(status_); peak > seen_) seen_ = peak;
}

BoxUsage BoxMeter::of_ended() const {
  const auto used = rusage_of_ended(child_);
  if (!used) return {};
  const std::int64_t peak = std::int64_t{used->ru_maxrss} * 1024;
  // Both are sums of counters for each processor, which are a little behind.
  const std::int64_t certain = inherited_ + inherited_ / 16 + kCountersBehind;
  return {processor_of(*used), peak > certain ? peak : seen_};
}

std::string describe(const BoxUsage& usage) {
  std::string text = formatted("used %.2f s of processor time", in_seconds(usage.processor));
  if (usage.memory > 0) {
    text += formatted(" and %.1f MiB of memory", static_cast<double>(usage.memory) / (1 << 20));
  }
  if (usage.commands.count == 0) return text;
  const std::string commands =
      usage.commands.count == 1 ? "command" : std::to_string(usage.commands.count) + " commands";
  return text + "; its " + commands +
         formatted(" used %.2f s", in_seconds(usage.commands.processor));
}

}  // namespace ostler::plugin_host
