// SPDX-License-Identifier: Apache-2.0
// The filter for kernels whose Landlock is older than this one's.
#include "plugin_host/call_filter.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <fstream>

#include "support/temp_directory.hpp"

namespace ostler::plugin_host {
namespace {

bool apply(const std::string& filter) {
  std::string bytes = filter;
  const sock_fprog program{static_cast<unsigned short>(bytes.size() / sizeof(sock_filter)),
                           reinterpret_cast<sock_filter*>(bytes.data())};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

/// What `attempt` returns in a process with that filter; -1: it could not be made.
int when_filtered(const std::string& filter, int (*attempt)(const char* file)) {
  const support::TempDirectory directory;
  const std::string file = directory.path() / "file";
  std::ofstream(file) << "content";
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(apply(filter) ? attempt(file.c_str()) : 100);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) != 100 ? WEXITSTATUS(status) : -1;
}

int when_filtered(const CallRights& rights, int (*attempt)(const char* file)) {
  return when_filtered(call_filter(rights), attempt);
}
int when_command_filtered(bool truncates, int (*attempt)(const char* file)) {
  return when_filtered(command_filter({.network = false, .truncates = truncates}), attempt);
}

int cut_by_path(const char* file) { return ::truncate(file, 0) == 0 ? 1 : 0; }
int cut_by_open(const char* file) { return ::open(file, O_RDONLY | O_TRUNC) >= 0 ? 1 : 0; }
int open_for_nothing(const char* file) { return ::open(file, O_ACCMODE) >= 0 ? 1 : 0; }
int cut_for_nothing(const char* file) { return ::open(file, O_ACCMODE | O_TRUNC) >= 0 ? 1 : 0; }
int read_and_write(const char* file) { return ::open(file, O_RDWR) >= 0 ? 1 : 0; }
int write_anew(const char* file) { return ::open(file, O_WRONLY | O_TRUNC) >= 0 ? 1 : 0; }
int cut_by_older_open(const char* file) {
#if defined(SYS_open)
  return ::syscall(SYS_open, file, O_RDONLY | O_TRUNC) >= 0 ? 1 : 0;
#else
  return cut_by_open(file);
#endif
}
/// Its flags are in memory.
int cut_by_newest_open(const char* file) {
  struct {
    std::uint64_t flags = O_RDONLY | O_TRUNC, mode = 0, resolve = 0;
  } how;
  return ::syscall(SYS_openat2, AT_FDCWD, file, &how, sizeof how) >= 0 ? 1 : 0;
}
/// Whether each of the calls is refused before anything else is found wrong with it.
int ask_terminal(const char* file) {
  const int plain = ::open(file, O_RDONLY);
  for (const unsigned long request : {TIOCSTI + 0ul, TIOCLINUX + 0ul, TIOCSETD + 0ul}) {
    if (::ioctl(plain, request, "x") == 0 || errno != EPERM) return 1;
  }
  return 0;
}
int ask_keys(const char*) {
  for (const long call : {SYS_keyctl, SYS_add_key, SYS_request_key}) {
    if (::syscall(call, -1, 0, 0, 0, 0) != -1 || errno != EPERM) return 1;
  }
  return 0;
}

TEST(CallFilter, LetsNobodyCutFilesShortWhereLandlockDoesNotSee) {
  EXPECT_EQ(when_filtered({.network = false, .truncates = false}, cut_by_path), 0);
  EXPECT_EQ(when_filtered({.network = false, .truncates = false}, cut_by_open), 0);
}

TEST(CallFilter, LeavesWritingAnewToLandlock) {
  EXPECT_EQ(when_filtered({.network = false, .truncates = false}, write_anew), 1);
}

TEST(CallFilter, RefusesTheAccessModeThatLandlockDoesNotAskAbout) {
  for (const bool truncates : {false, true}) {
    EXPECT_EQ(when_filtered({.network = false, .truncates = truncates}, open_for_nothing), 0);
    EXPECT_EQ(when_filtered({.network = false, .truncates = truncates}, cut_for_nothing), 0);
    EXPECT_EQ(when_filtered({.network = false, .truncates = truncates}, read_and_write), 1);
  }
}

TEST(CallFilter, LeavesAllOfThatToALandlockThatSees) {
  EXPECT_EQ(when_filtered({.network = false, .truncates = true}, cut_by_path), 1);
  EXPECT_EQ(when_filtered({.network = false, .truncates = true}, cut_by_open), 1);
}

TEST(CommandFilter, LetsNobodyCutFilesShortWhereLandlockDoesNotSee) {
  for (const auto attempt : {cut_by_path, cut_by_open, cut_by_older_open, cut_by_newest_open}) {
    EXPECT_EQ(when_command_filtered(false, attempt), 0);
    EXPECT_EQ(when_command_filtered(true, attempt), 1);
  }
  EXPECT_EQ(when_command_filtered(false, cut_for_nothing), 0);
  EXPECT_EQ(when_command_filtered(false, write_anew), 1);
  EXPECT_EQ(when_command_filtered(false, read_and_write), 1);
}

TEST(CommandFilter, LetsNobodyTypeIntoATerminalNorAskForKeys) {
  EXPECT_EQ(when_command_filtered(true, ask_terminal), 0);
  EXPECT_EQ(when_command_filtered(true, ask_keys), 0);
  EXPECT_EQ(when_filtered(CallRights{}, ask_terminal), 0);
  EXPECT_EQ(when_filtered(CallRights{}, ask_keys), 0);
}

}  // namespace
}  // namespace ostler::plugin_host
