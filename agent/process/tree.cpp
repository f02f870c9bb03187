// SPDX-License-Identifier: Apache-2.0
#include "process/tree.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "files/file.hpp"

namespace ostler::process {
namespace {

constexpr std::chrono::milliseconds kRound{5};

void wait_for_child(std::chrono::nanoseconds timeout) {
  sigset_t child;
  ::sigemptyset(&child);
  ::sigaddset(&child, SIGCHLD);
  const timespec limit{0, static_cast<long>(timeout.count())};
  ::sigtimedwait(&child, nullptr, &limit);
}

bool has_children() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

bool is_populated(const Cgroup* group) {
  if (group == nullptr) return false;
  const auto populated = group->is_populated();
  return populated ? populated.value() : false;
}

}  // namespace

std::vector<Reaped> reap_ended() {
  std::vector<Reaped> reaped;
  for (;;) {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid < 0 && errno == EINTR) continue;
    if (pid <= 0) return reaped;
    reaped.push_back({pid, exit_status_of_wait(status)});
  }
}

std::vector<pid_t> own_children() {
  const auto list = files::read_file("/proc/thread-self/children");
  std::vector<pid_t> children;
  if (!list) return children;
  const std::string& text = list.value();
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    pid_t pid = 0;
    const auto [next, ec] = std::from_chars(at, end, pid);
    if (ec != std::errc()) break;
    children.push_back(pid);
    at = next + 1;
  }
  return children;
}

TreeEnd kill_descendants(const Cgroup* group, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  TreeEnd end;
  for (;;) {
    if (group != nullptr && is_populated(group)) (void)group->kill();
    // A child that was not reaped keeps its pid, so these signals can hit nobody else. Killing a
    // child makes its own children ours: they are next.
    for (const pid_t pid : own_children()) ::kill(pid, SIGKILL);
    for (const Reaped& child : reap_ended()) end.reaped.push_back(child);
    if (!has_children() && !is_populated(group)) return end;
    if (std::chrono::steady_clock::now() >= deadline) break;
    wait_for_child(kRound);
  }
  end.left = own_children();
  if (end.left.empty()) end.left.push_back(-1);
  return end;
}

}  // namespace ostler::process
