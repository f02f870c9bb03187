// SPDX-License-Identifier: Apache-2.0
// The filter for kernels whose Landlock is older than this one's.
#include "plugin_host/call_filter.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

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
int when_filtered(const CallRights& rights, int (*attempt)(const char* file)) {
  const support::TempDirectory directory;
  const std::string file = directory.path() / "file";
  std::ofstream(file) << "content";
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(apply(call_filter(rights)) ? attempt(file.c_str()) : 100);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) != 100 ? WEXITSTATUS(status) : -1;
}

int cut_by_path(const char* file) { return ::truncate(file, 0) == 0 ? 1 : 0; }
int cut_by_open(const char* file) { return ::open(file, O_RDONLY | O_TRUNC) >= 0 ? 1 : 0; }
int open_for_nothing(const char* file) { return ::open(file, O_ACCMODE) >= 0 ? 1 : 0; }
int cut_for_nothing(const char* file) { return ::open(file, O_ACCMODE | O_TRUNC) >= 0 ? 1 : 0; }
int read_and_write(const char* file) { return ::open(file, O_RDWR) >= 0 ? 1 : 0; }
int write_anew(const char* file) { return ::open(file, O_WRONLY | O_TRUNC) >= 0 ? 1 : 0; }

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

}  // namespace
}  // namespace ostler::plugin_host
