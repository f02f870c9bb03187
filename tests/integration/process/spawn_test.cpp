// SPDX-License-Identifier: Apache-2.0
#include "process/spawn.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "files/file.hpp"
#include "support/temp_directory.hpp"

namespace ostler::process {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr auto kLimit = 30s;

/// Runs a shell command with its output in a file.
class Shell {
 public:
  explicit Shell(const std::string& command) {
    output_fd_.reset(::open((directory_ / "out").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    options.executable = "/bin/sh";
    options.arguments = {"sh", "-c", command};
    options.fds = {{output_fd_.get(), 1}, {output_fd_.get(), 2}};
  }
  ExitStatus run() { return spawn(options).value().wait(kLimit).value(); }
  std::string output() const { return files::read_file(directory_ / "out").value(); }

  SpawnOptions options;

 private:
  support::TempDirectory directory_;
  UniqueFd output_fd_;
};

TEST(Spawn, ReportsExitStatusAndSignal) {
  EXPECT_EQ(Shell("exit 7").run(), ExitStatus(Exited{7}));
  const ExitStatus status = Shell("kill -USR1 $$").run();
  ASSERT_TRUE(std::holds_alternative<Signalled>(status));
  EXPECT_EQ(std::get<Signalled>(status).signal, SIGUSR1);
}

TEST(Spawn, NamesTheProgramThatCannotBeExecuted) {
  SpawnOptions options{.executable = "/does/not/exist", .arguments = {"x"}};
  const auto child = spawn(options);
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().code(), Errc::NotFound);
  EXPECT_THAT(child.error().message(), HasSubstr("/does/not/exist"));
}

TEST(Spawn, NamesTheDirectoryThatIsMissing) {
  Shell shell("true");
  shell.options.directory = "/does/not/exist";
  const auto child = spawn(shell.options);
  ASSERT_FALSE(child);
  EXPECT_THAT(child.error().message(), HasSubstr("enter directory /does/not/exist"));
}

TEST(Spawn, GivesTheEnvironmentAndDirectoryAskedFor) {
  Shell shell("echo \"$ONLY$HOME\"; pwd");
  shell.options.environment = {{"ONLY=this"}};
  shell.options.directory = "/usr";
  shell.run();
  EXPECT_EQ(shell.output(), "this\n/usr\n");
}

TEST(Spawn, TellsAProgramItsOwnPid) {
  Shell shell("test $LISTEN_PID = $$ && echo right; env | grep -c LISTEN_PID");
  shell.options.environment = std::vector<std::string>{"PATH=/usr/bin:/bin"};
  shell.options.pid_variable = "LISTEN_PID";
  shell.run();
  EXPECT_EQ(shell.output(), "right\n1\n");
}

TEST(Spawn, PassesNamedDescriptorsOnlyEvenWhenNumbersCross) {
  const UniqueFd inheritable(::open("/dev/null", O_RDONLY));
  Shell shell("ls /proc/self/fd | tr '\\n' ' '; readlink /proc/self/fd/4");
  const int output = shell.options.fds[0].source;
  shell.options.fds.push_back({STDIN_FILENO, 6});
  shell.options.fds.push_back({output, 4});
  shell.run();
  EXPECT_THAT(shell.output(), testing::StartsWith("0 1 2 3 4 6 "));
  EXPECT_THAT(shell.output(), HasSubstr("/out"));
}

TEST(Spawn, SwapsTwoDescriptors) {
  support::TempDirectory directory;
  const UniqueFd first(::open((directory / "a").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  const UniqueFd second(::open((directory / "b").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  SpawnOptions options{.executable = "/bin/sh", .arguments = {"sh", "-c", ""}};
  options.arguments[2] = "echo to-b >&" + std::to_string(first.get());
  options.fds = {{first.get(), second.get()}, {second.get(), first.get()}};
  EXPECT_EQ(spawn(options).value().wait(kLimit).value(), ExitStatus(Exited{0}));
  EXPECT_EQ(files::read_file(directory / "b").value(), "to-b\n");
}

/// One of the two signals that ::signal refuses because the C library keeps them for its threads;
/// runtimes without it leave them ignored in what they start.
constexpr int kThreadLibrarySignal = 32;

/// In the kernel's own layout of sigaction: `handler` comes first on every machine we build for.
void set_kernel_handler(int number, unsigned long handler) {
  const std::array<unsigned long, 8> action{handler};
  ASSERT_EQ(::syscall(SYS_rt_sigaction, number, action.data(), nullptr, 8), 0);
}

TEST(Spawn, StartsWithDefaultSignalsWhateverThisProcessDoes) {
  set_kernel_handler(kThreadLibrarySignal, 1);  // SIG_IGN
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  sigset_t all;
  sigset_t old;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &old);
  Shell shell("grep -E 'Sig(Blk|Ign)' /proc/self/status");
  shell.run();
  ::sigprocmask(SIG_SETMASK, &old, nullptr);
  ::signal(SIGPIPE, before);
  set_kernel_handler(kThreadLibrarySignal, 0);  // SIG_DFL
  EXPECT_THAT(shell.output(), HasSubstr("SigBlk:\t0000000000000000"));
  EXPECT_THAT(shell.output(), HasSubstr("SigIgn:\t0000000000000000"));
}

TEST(Spawn, RunsAFunctionInACopyOfThisProcess) {
  // A lock held by an open description would outlive us in a copy that keeps the descriptor.
  const UniqueFd kept(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  SpawnOptions options;
  options.function = [parent = ::getpid(), fd = kept.get()] {
    return ::getppid() == parent && ::fcntl(fd, F_GETFD) < 0 ? 42 : 1;
  };
  EXPECT_EQ(spawn(options).value().wait(kLimit).value(), ExitStatus(Exited{42}));
}

TEST(Spawn, EndsACopyWhoseFunctionThrows) {
  SpawnOptions options;
  options.function = []() -> int { throw std::runtime_error("a fault"); };
  EXPECT_EQ(spawn(options).value().wait(kLimit).value(), ExitStatus(Signalled{SIGABRT}));
}

TEST(Spawn, MakesAGroupThatCanBeSignalled) {
  SpawnOptions options{.executable = "/bin/sh", .arguments = {"sh", "-c", "sleep 1000 & wait"}};
  auto child = spawn(options).value();
  child.signal_group(SIGTERM);
  EXPECT_EQ(child.wait(kLimit).value(), ExitStatus(Signalled{SIGTERM}));
}

TEST(Spawn, KillsTheChildWhenItsSpawningThreadEnds) {
  Child child(-1, UniqueFd());
  std::thread([&] {
    SpawnOptions options{.executable = "/bin/sleep", .arguments = {"sleep", "1000"}};
    options.parent_death_signal = SIGKILL;
    child = spawn(options).value();
  }).join();
  EXPECT_EQ(child.wait(kLimit).value(), ExitStatus(Signalled{SIGKILL}));
}

TEST(Child, KillsAndReapsWhenDestroyed) {
  pid_t pid = -1;
  {
    SpawnOptions options{.executable = "/bin/sleep", .arguments = {"sleep", "1000"}};
    pid = spawn(options).value().pid();
  }
  EXPECT_NE(::kill(pid, 0), 0);
}

TEST(Child, TimesOutWhileItRuns) {
  SpawnOptions options{.executable = "/bin/sleep", .arguments = {"sleep", "1000"}};
  auto child = spawn(options).value();
  EXPECT_EQ(child.wait(1ms).error().code(), Errc::Timeout);
  EXPECT_FALSE(child.try_wait());
}

}  // namespace
}  // namespace ostler::process
