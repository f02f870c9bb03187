// SPDX-License-Identifier: Apache-2.0
#include "process/stray.hpp"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <charconv>
#include <memory>
#include <string>

#include "files/file.hpp"
#include "process/pidfd.hpp"

namespace ostler::process {
namespace {

constexpr int kRoundMs = 10;
/// A program that is being executed has no environment for a moment: one look may miss it.
constexpr int kEmptyLooks = 2;
constexpr int kBetweenLooksMs = 2;

struct Stray {
  pid_t pid = -1;
  UniqueFd pidfd;
};

std::vector<pid_t> all_processes() {
  struct Close {
    void operator()(DIR* open) const { ::closedir(open); }
  };
  std::vector<pid_t> pids;
  const std::unique_ptr<DIR, Close> open(::opendir("/proc"));
  while (const dirent* entry = open ? ::readdir(open.get()) : nullptr) {
    const std::string_view name = entry->d_name;
    pid_t pid = 0;
    const auto [end, ec] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (ec == std::errc() && end == name.data() + name.size()) pids.push_back(pid);
  }
  return pids;
}

bool has_variable(pid_t pid, std::string_view variable) {
  const auto environment = files::read_file("/proc/" + std::to_string(pid) + "/environ");
  if (!environment) return false;
  const std::string whole = '\0' + environment.value() + '\0';
  return whole.find('\0' + std::string(variable) + '\0') != std::string::npos;
}

std::vector<Stray> find_strays(std::string_view variable) {
  std::vector<Stray> strays;
  for (const pid_t pid : all_processes()) {
    if (pid == ::getpid() || !has_variable(pid, variable)) continue;
    auto pidfd = open_pidfd(pid);
    // Read again: only now the pid cannot have passed to another process in between.
    if (pidfd && has_variable(pid, variable)) strays.push_back({pid, std::move(pidfd).value()});
  }
  return strays;
}

}  // namespace

std::vector<pid_t> kill_strays(std::string_view variable, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (int empty_looks = 0;;) {
    const std::vector<Stray> strays = find_strays(variable);
    std::vector<pid_t> left;
    for (const Stray& stray : strays) {
      signal_pidfd(stray.pidfd.get(), SIGKILL);
      left.push_back(stray.pid);
    }
    empty_looks = left.empty() ? empty_looks + 1 : 0;
    if (empty_looks == kEmptyLooks || std::chrono::steady_clock::now() >= deadline) return left;
    if (left.empty()) {
      ::poll(nullptr, 0, kBetweenLooksMs);
      continue;
    }
    pollfd ended{strays.front().pidfd.get(), POLLIN, 0};
    ::poll(&ended, 1, kRoundMs);
  }
}

}  // namespace ostler::process
