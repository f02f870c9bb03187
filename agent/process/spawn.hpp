// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "process/exit_status.hpp"

namespace ostler::process {

/// A descriptor of ours and the number that the child shall see it under.
struct FdAt {
  int source = -1;
  int target = -1;
};

/// What a child may no longer do from its first instruction on: it gets no new privileges, has no
/// capabilities but those over files, and obeys these.
struct Confinement {
  UniqueFd rules;      ///< by landlock_make()
  std::string filter;  ///< a program for seccomp
};

/// Where the child stands towards terminals and signals to groups.
enum class Group {
  Inherit,
  NewGroup,    ///< leader of a process group of its own
  NewSession,  ///< leader of a session (and group) of its own
  NewTerminal  ///< NewSession, with descriptor 0 as its controlling terminal
};

struct SpawnOptions {
  std::string executable{};              ///< a path; see find_executable for names
  std::vector<std::string> arguments{};  ///< with argument 0
  /// Instead of a program: the child is a copy of this process that calls this and exits with what
  /// it returns. Sooner ready than a program that must be loaded, as long as this process is small.
  /// Requires: this process has one thread.
  std::function<int()> function{};
  /// "NAME=value" each; none: the environment of this process.
  std::optional<std::vector<std::string>> environment{};
  /// A variable more, beside `environment`, that tells the program its own pid: "LISTEN_PID".
  std::string pid_variable{};
  std::string directory{};  ///< empty: the current one
  /// Every other descriptor is closed; 0, 1 and 2 are /dev/null where not named.
  std::vector<FdAt> fds{};
  Group group = Group::NewGroup;
  /// Sent to the child when the *thread* that spawned it ends; 0: none. Spawn from a thread that
  /// lives as long as the program.
  int parent_death_signal = 0;
  const Confinement* confinement = nullptr;  ///< must outlive the call; none: as we are
  /// Open directory of the control group that the child shall live in; -1: ours.
  int cgroup_fd = -1;
};

/// A child process. Its pid cannot name another process while this lives, for only this reaps it.
/// Kill policy: destruction kills it (SIGKILL, the process only) and reaps it; release() lets it
/// go.
class Child {
 public:
  Child(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  pid_t pid() const { return pid_; }
  /// Readable when the process has ended.
  int pidfd() const { return pidfd_.get(); }

  /// Waits for its end and reaps it. Errors: Timeout: it still runs.
  Result<ExitStatus> wait(std::chrono::milliseconds timeout);
  /// Reaps it if it has ended; none while it runs.
  std::optional<ExitStatus> try_wait();
  /// Says that somebody else reaped it (a loop over waitpid(-1)).
  void set_status(ExitStatus status) { status_ = status; }
  /// Signals the process; does nothing once it was reaped.
  void signal(int number) const;
  /// Signals its process group; does nothing once the leader was reaped.
  /// Requires: spawned with another Group than Inherit.
  void signal_group(int number) const;
  /// Lets the process live on without us; returns its pid.
  pid_t release();

 private:
  pid_t pid_ = -1;
  UniqueFd pidfd_;
  std::optional<ExitStatus> status_;
};

/// Starts a program: vfork, so its cost does not grow with our memory; default signal handling and
/// an empty signal mask. Returns when the program is executing. A function, or a child for another
/// control group, is forked.
/// Errors: NotFound, Denied and others; the message names the step and its object.
Result<Child> spawn(const SpawnOptions& options);

/// The path of `name`: itself when it holds a slash, else the first executable of that name in
/// `search_path` (a PATH value). Errors: NotFound; Denied when only files are there that may not
/// be executed.
Result<std::string> find_executable(std::string_view name, std::string_view search_path);

}  // namespace ostler::process
