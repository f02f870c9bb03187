// SPDX-License-Identifier: Apache-2.0
// Put before a program's libc (LD_PRELOAD), it turns each sleep into a line of the file that
// OSTLER_TEST_SLEEPS names: what waits for minutes is tested in milliseconds, and how long it would
// have waited can be read.
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

extern "C" int nanosleep(const timespec* wanted, timespec*) {
  const char* path = std::getenv("OSTLER_TEST_SLEEPS");
  const int fd =
      path == nullptr ? -1 : ::open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return 0;
  char line[32];
  const long milliseconds = wanted->tv_sec * 1000 + wanted->tv_nsec / 1'000'000;
  const int size = std::snprintf(line, sizeof line, "%ld\n", milliseconds);
  const ssize_t written = ::write(fd, line, static_cast<size_t>(size));
  ::close(fd);
  return written < 0 ? -1 : 0;
}
