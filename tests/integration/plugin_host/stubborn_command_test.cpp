// SPDX-License-Identifier: Apache-2.0
// Programs of a plugin that would not be reached by a signal to their process group or by any at
// all, and those that would reach for the terminal.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <fstream>

#include "base/unique_fd.hpp"
#include "process/pty.hpp"
#include "process/spawn.hpp"
#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

/// From here on nobody is killed by this process or what it starts: kill(2) refuses SIGKILL.
bool refuse_kills() {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_kill, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[1])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SIGKILL, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{static_cast<unsigned short>(std::size(program)), program};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

std::string said_by_zoo(const std::string& how, const std::string& script, RecordingLog* log) {
  ZooRun zoo(how, script);
  zoo.spec.commands = CommandPlace{.directory = zoo.scratch.path()};
  const std::string said = zoo.run().result.message;
  if (log != nullptr) *log = zoo.log;
  return said;
}

/// Its program tries to go over to our process group, and is a shell with that script then.
class CommandThatWouldLeaveItsGroup : public testing::Test {
 protected:
  CommandThatWouldLeaveItsGroup() {
    std::ofstream(programs_ / "leave.py") << "import os, sys\n"
                                             "try:\n"
                                             "  os.setpgid(0, os.getpgid(os.getppid()))\n"
                                             "except PermissionError: pass\n"
                                             "os.execv('/bin/sh', ['sh', '-c', sys.argv[1]])\n";
  }
  ~CommandThatWouldLeaveItsGroup() override {
    EXPECT_LT(steady_clock::now() - begin_, seconds(20)) << "somebody waited for its end";
  }
  std::string leaving(const std::string& script) const {
    return "exec python3 " + (programs_ / "leave.py").string() + " '" + script + "'";
  }

  const support::TempDirectory programs_;
  const steady_clock::time_point begin_ = steady_clock::now();
};

TEST_F(CommandThatWouldLeaveItsGroup, EndsWhenItIsDropped) {
  const std::string script = leaving("echo $$ > pid; touch begun; exec sleep 60");
  EXPECT_EQ(said_by_zoo("handle drop", script, nullptr), "1 0");
}

TEST_F(CommandThatWouldLeaveItsGroup, IsSignalled) {
  const std::string script = leaving("printf ready; exec sleep 60");
  EXPECT_EQ(said_by_zoo("handle signal", script, nullptr), "ready-1 10 then 5");
}

TEST_F(CommandThatWouldLeaveItsGroup, IsStoppedByACancel) {
  ZooRun zoo("handle clean up", leaving("touch begun; exec sleep 60"));
  zoo.spec.commands = CommandPlace{.directory = zoo.scratch.path()};
  EXPECT_EQ(zoo.run_and_cancel(seconds(20)).result.message, "111 1 0  -1 15");
}

/// In a process of its own: what it refuses, it refuses for ever.
int drop_what_cannot_be_killed() {
  if (!refuse_kills()) return 2;
  RecordingLog log;
  const std::string script = "echo $$ > pid; touch begun; exec sleep 60";
  if (said_by_zoo("handle drop", script, &log) != "0 0") return 3;
  if (log.messages.size() != 1) return 4;
  return log.messages[0].second.find("could not be killed") == std::string::npos ? 5 : 0;
}

TEST(CommandThatCannotBeKilled, HoldsUpNobodyForLong) {
  process::SpawnOptions options;
  options.function = drop_what_cannot_be_killed;
  auto child = process::spawn(options);
  ASSERT_TRUE(child) << child.error().message();
  const auto end = child.value().wait(milliseconds(30'000));
  ASSERT_TRUE(end) << end.error().message();
  EXPECT_EQ(end.value(), process::ExitStatus(process::Exited{0}));
}

/// In a process that has a terminal, as that of a person who tries a plugin.
int reach_for_the_terminal() {
  const std::string script = "(: < /dev/tty) 2>&- && printf 'a terminal' || printf none";
  ZooRun zoo("command captured", script);
  zoo.spec.commands = CommandPlace{.directory = zoo.scratch.path()};
  const bool is_ours = UniqueFd(::open("/dev/tty", O_RDWR | O_CLOEXEC)).get() >= 0;
  if (!is_ours) return 2;
  return zoo.run().result.message == "0 0 none" ? 0 : 3;
}

TEST(Command, HasNoTerminalToTypeInto) {
  auto pty = process::open_pty();
  ASSERT_TRUE(pty) << pty.error().message();
  process::SpawnOptions options;
  options.function = reach_for_the_terminal;
  options.group = process::Group::NewTerminal;
  options.fds = {{pty.value().terminal.get(), STDIN_FILENO}};
  auto child = process::spawn(options);
  ASSERT_TRUE(child) << child.error().message();
  const auto end = child.value().wait(milliseconds(30'000));
  ASSERT_TRUE(end) << end.error().message();
  EXPECT_EQ(end.value(), process::ExitStatus(process::Exited{0}));
}

}  // namespace
}  // namespace ostler::plugin_host
