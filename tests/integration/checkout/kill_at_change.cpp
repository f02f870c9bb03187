// SPDX-License-Identifier: Apache-2.0
// Preloaded: counts calls that change the file system, and at the one that KILL_AT names (the
// first is 1) ends the process as kill -9 does, before the call.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdarg>
#include <cstdlib>

namespace {

std::atomic<int> changes{0};

void count_change() {
  const char* at = std::getenv("KILL_AT");
  if (at != nullptr && ++changes == std::atoi(at)) ::raise(SIGKILL);
}

template <class Function>
Function* real(const char* name, Function*) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

mode_t mode_from(int flags, va_list arguments) {
  if ((flags & O_CREAT) == 0) return 0;
  count_change();
  return va_arg(arguments, mode_t);
}

}  // namespace

#define REAL(name) real(#name, &::name)

extern "C" {

int rename(const char* from, const char* to) noexcept {
  count_change();
  return REAL(rename)(from, to);
}
int mkdir(const char* path, mode_t mode) noexcept {
  count_change();
  return REAL(mkdir)(path, mode);
}
int unlink(const char* path) noexcept {
  count_change();
  return REAL(unlink)(path);
}
int unlinkat(int directory, const char* path, int flags) noexcept {
  count_change();
  return REAL(unlinkat)(directory, path, flags);
}
int symlink(const char* target, const char* path) noexcept {
  count_change();
  return REAL(symlink)(target, path);
}
int ftruncate(int fd, off_t size) noexcept {
  count_change();
  return REAL(ftruncate)(fd, size);
}
int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_from(flags, arguments);
  va_end(arguments);
  return REAL(open)(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_from(flags, arguments);
  va_end(arguments);
  return REAL(open64)(path, flags, mode);
}
}
