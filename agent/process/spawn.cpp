// SPDX-License-Identifier: Apache-2.0
#include "process/spawn.hpp"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include "process/landlock.h"
#include "process/pidfd.hpp"

namespace ostler::process {
namespace {

constexpr std::size_t kPidRoom = 12;

/// What the child was doing when it failed.
enum class Step : int { Cgroup, Session, Confine, Descriptors, Terminal, Directory, Execute };

struct Failure {
  Step step;
  int number;
};

/// Everything that the child needs, made by the parent: between vfork and exec the child runs in
/// the parent's memory and may only call what a signal handler may.
struct Plan {
  const SpawnOptions* options;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::string pid_entry;     ///< "LISTEN_PID=" and room for digits; empty: none
  char* pid_text = nullptr;  ///< that room
  std::vector<FdAt> fds;     ///< 0, 1 and 2 included
  int first_free = 0;        ///< above every target
  int report = -1;           ///< close-on-exec pipe for a Failure; not below first_free
  pid_t parent = 0;
  bool enters_cgroup = false;  ///< by itself
};

[[noreturn]] void give_up(const Plan& plan, Step step) {
  const Failure failure{step, errno};
  [[maybe_unused]] const auto ignored = ::write(plan.report, &failure, sizeof failure);
  ::_exit(127);
}

/// By the system call: the C library refuses the two signals it keeps for its threads, and a parent
/// written without it may have left them ignored. All zeroes is SIG_DFL in the kernel's own layout.
void restore_signals() {
  constexpr std::array<unsigned long, 8> kDefault{};
  constexpr std::size_t kSetSize = (_NSIG - 1) / 8;
  for (int number = 1; number < _NSIG; ++number) {
    ::syscall(SYS_rt_sigaction, number, kDefault.data(), nullptr, kSetSize);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// Only what a signal handler may call, so by hand.
void write_own_pid(char* into) {
  char digits[kPidRoom];
  int count = 0;
  for (pid_t left = ::getpid(); left > 0; left /= 10) {
    digits[count++] = static_cast<char>('0' + left % 10);
  }
  while (count > 0) *into++ = digits[--count];
}

void close_from(int first) {
  if (::syscall(SYS_close_range, first, ~0U, 0) == 0) return;
  const long most = ::sysconf(_SC_OPEN_MAX);
  for (int fd = first; fd < most; ++fd) ::close(fd);
}

bool is_target(const Plan& plan, int number) {
  for (const FdAt& fd : plan.fds) {
    if (fd.target == number) return true;
  }
  return false;
}

/// Moves every source above all targets first, so that no target covers a source still needed.
void place_descriptors(Plan& plan) {
  for (FdAt& fd : plan.fds) {
    fd.source = ::fcntl(fd.source, F_DUPFD_CLOEXEC, plan.first_free);
    if (fd.source < 0) give_up(plan, Step::Descriptors);
  }
  for (const FdAt& fd : plan.fds) {
    if (::dup2(fd.source, fd.target) < 0) give_up(plan, Step::Descriptors);
  }
  for (int number = 0; number < plan.first_free; ++number) {
    if (!is_target(plan, number)) ::close(number);
  }
  if (plan.report != plan.first_free) {
    if (::dup3(plan.report, plan.first_free, O_CLOEXEC) < 0) give_up(plan, Step::Descriptors);
    plan.report = plan.first_free;
  }
  close_from(plan.first_free + 1);
}

void enter_cgroup(const Plan& plan) {
  const int procs = ::openat(plan.options->cgroup_fd, "cgroup.procs", O_WRONLY | O_CLOEXEC);
  if (procs < 0 || ::write(procs, "0", 1) != 1) give_up(plan, Step::Cgroup);
}

void enter_group(const Plan& plan) {
  switch (plan.options->group) {
    case Group::Inherit: return;
    case Group::NewGroup:
      if (::setpgid(0, 0) != 0) give_up(plan, Step::Session);
      return;
    case Group::NewSession:
    case Group::NewTerminal:
      if (::setsid() < 0) give_up(plan, Step::Session);
      return;
  }
}

/// The rules' descriptor is ours: it is closed with the others that the child shall not have. A
/// filter is no hindrance to what is left to do.
void confine(const Plan& plan) {
  const Confinement& limits = *plan.options->confinement;
  const sock_fprog filter{static_cast<unsigned short>(limits.filter.size() / sizeof(sock_filter)),
                          reinterpret_cast<sock_filter*>(const_cast<char*>(limits.filter.data()))};
  const bool is_confined = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                           keep_file_capabilities() && landlock_obey(limits.rules.get()) &&
                           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
  if (!is_confined) give_up(plan, Step::Confine);
}

/// An exception ends the child here: unwound further it would undo the parent's work.
[[noreturn]] void run_child(Plan& plan) noexcept {
  const SpawnOptions& options = *plan.options;
  if (options.parent_death_signal != 0) {
    ::prctl(PR_SET_PDEATHSIG, options.parent_death_signal);
    if (::getppid() != plan.parent) ::_exit(127);  // it died before the signal was armed
  }
  if (plan.enters_cgroup) enter_cgroup(plan);
  enter_group(plan);
  restore_signals();
  if (options.confinement != nullptr) confine(plan);
  place_descriptors(plan);
  if (options.group == Group::NewTerminal && ::ioctl(0, TIOCSCTTY, 0) != 0) {
    give_up(plan, Step::Terminal);
  }
  if (!options.directory.empty() && ::chdir(options.directory.c_str()) != 0) {
    give_up(plan, Step::Directory);
  }
  if (options.function) {
    ::close(plan.report);  // tells the parent that all went well, as execve does
    std::exit(options.function());
  }
  if (plan.pid_text != nullptr) write_own_pid(plan.pid_text);
  ::execve(options.executable.c_str(), plan.arguments.data(), plan.environment.data());
  give_up(plan, Step::Execute);
}

/// Blocks every signal of this thread, so that no handler of ours runs in the child.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

/// A child that is born in the control group: one that moves there waits until every CPU has passed
/// through the kernel, which takes milliseconds.
pid_t fork_into(int cgroup_fd) {
  clone_args how{};
  how.flags = CLONE_INTO_CGROUP;
  how.exit_signal = SIGCHLD;
  how.cgroup = static_cast<std::uint64_t>(cgroup_fd);
  return static_cast<pid_t>(::syscall(SYS_clone3, &how, sizeof how));
}

pid_t start_child(Plan& plan) {
  const SignalsBlocked blocked;
  pid_t pid = -1;
  if (plan.options->cgroup_fd >= 0) {
    pid = fork_into(plan.options->cgroup_fd);
    plan.enters_cgroup = pid < 0;  // the usual way works, or says what is wrong
  }
  if (pid < 0) pid = plan.options->function ? ::fork() : ::vfork();
  if (pid == 0) run_child(plan);
  return pid;
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<char*> own_environment() {
  std::vector<char*> pointers;
  for (char** variable = environ; *variable != nullptr; ++variable) pointers.push_back(*variable);
  pointers.push_back(nullptr);
  return pointers;
}

/// As the last of the environment's entries.
void add_pid_variable(Plan& plan) {
  const std::string& name = plan.options->pid_variable;
  if (name.empty()) return;
  plan.pid_entry = name + "=" + std::string(kPidRoom, '\0');
  plan.pid_text = plan.pid_entry.data() + name.size() + 1;
  plan.environment.insert(plan.environment.end() - 1, plan.pid_entry.data());
}

std::string name_of(const SpawnOptions& options) {
  return options.function ? "a copy of this program" : options.executable;
}

Error explain(const Failure& failure, const SpawnOptions& options) {
  const std::string program = name_of(options);
  switch (failure.step) {
    case Step::Cgroup:
      return Error::from_errno(failure.number, "enter the control group to start " + program);
    case Step::Session:
      return Error::from_errno(failure.number, "make a process group for " + program);
    case Step::Confine: return Error::from_errno(failure.number, "confine " + program);
    case Step::Descriptors:
      return Error::from_errno(failure.number, "hand descriptors to " + program);
    case Step::Terminal: return Error::from_errno(failure.number, "give a terminal to " + program);
    case Step::Directory:
      return Error::from_errno(failure.number, "enter directory " + options.directory);
    case Step::Execute: break;
  }
  return Error::from_errno(failure.number, "execute " + program);
}

/// A pipe whose writing end is at `lowest` or above.
Result<std::pair<UniqueFd, UniqueFd>> make_report_pipe(int lowest) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return Error::from_errno(errno, "make a pipe");
  UniqueFd reading(ends[0]);
  const UniqueFd writing(ends[1]);
  UniqueFd moved(::fcntl(writing.get(), F_DUPFD_CLOEXEC, lowest));
  if (!moved) return Error::from_errno(errno, "make a pipe");
  return std::pair(std::move(reading), std::move(moved));
}

/// The named descriptors, and /dev/null at 0, 1 and 2 where none is named.
std::vector<FdAt> complete(std::vector<FdAt> fds, int null) {
  for (int number = 0; number < 3; ++number) {
    const bool named =
        std::any_of(fds.begin(), fds.end(), [&](const FdAt& fd) { return fd.target == number; });
    if (!named) fds.push_back({null, number});
  }
  return fds;
}

}  // namespace

Result<Child> spawn(const SpawnOptions& options) {
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) return Error::from_errno(errno, "open /dev/null");
  Plan plan;
  plan.options = &options;
  plan.arguments = pointers_to(options.arguments);
  plan.environment = options.environment ? pointers_to(*options.environment) : own_environment();
  add_pid_variable(plan);
  plan.fds = complete(options.fds, null.get());
  for (const FdAt& fd : plan.fds) plan.first_free = std::max(plan.first_free, fd.target + 1);
  OSTLER_TRY(auto report, make_report_pipe(plan.first_free));
  plan.report = report.second.get();
  plan.parent = ::getpid();

  const pid_t pid = start_child(plan);
  if (pid < 0) return Error::from_errno(errno, "make a process for " + name_of(options));
  Child child(pid, UniqueFd());
  report.second.reset();
  Failure failure{};
  ssize_t got = 0;
  do {
    got = ::read(report.first.get(), &failure, sizeof failure);
  } while (got < 0 && errno == EINTR);
  if (got == sizeof failure) return explain(failure, options);
  OSTLER_TRY(auto pidfd, open_pidfd(pid));
  child.release();
  return Child(pid, std::move(pidfd));
}

}  // namespace ostler::process
