// SPDX-License-Identifier: Apache-2.0
#include "escapes.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/ioprio.h>
#include <linux/keyctl.h>
#include <linux/sched.h>
#include <linux/userfaultfd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

namespace zoo {
namespace {

constexpr long kFchmodat2 = 452;
constexpr long kNotYet = 700;  // no kernel has that call
constexpr unsigned kListener = 1 << 3;

class Report {
 public:
  void note(const char* what, bool counts) {
    if (counts) text_ += std::string(" ") + what;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void change_attributes(const char* file, int fd, Report& worked) {
  int flags = FS_NODUMP_FL;
  worked.note("chmod", ::chmod(file, 0600) == 0);
  worked.note("fchmod", ::fchmod(fd, 0600) == 0);
  worked.note("fchmodat", ::fchmodat(AT_FDCWD, file, 0600, 0) == 0);
  worked.note("fchmodat2", ::syscall(kFchmodat2, AT_FDCWD, file, 0600, 0) == 0);
  worked.note("chown", ::chown(file, ::getuid(), ::getgid()) == 0);
  worked.note("lchown", ::lchown(file, ::getuid(), ::getgid()) == 0);
  worked.note("fchown", ::fchown(fd, ::getuid(), ::getgid()) == 0);
  worked.note("setxattr", ::setxattr(file, "user.zoo", "1", 1, 0) == 0 || errno != EPERM);
  worked.note("fsetxattr", ::fsetxattr(fd, "user.zoo", "1", 1, 0) == 0 || errno != EPERM);
  worked.note("removexattr", ::removexattr(file, "user.zoo") == 0 || errno != EPERM);
  worked.note("utimensat", ::utimensat(AT_FDCWD, file, nullptr, 0) == 0);
  worked.note("futimens", ::futimens(fd, nullptr) == 0);
  worked.note("setflags", ::ioctl(fd, FS_IOC_SETFLAGS, &flags) == 0 || errno != EPERM);
}

void change_content(const char* file, Report& worked) {
  worked.note("truncate", ::truncate(file, 0) == 0);
  worked.note("open to truncate", ::open(file, O_RDONLY | O_TRUNC) >= 0);
  worked.note("open to write", ::open(file, O_WRONLY) >= 0);
  worked.note("open for no access", ::open(file, O_ACCMODE) >= 0);
  worked.note("open for no access to truncate", ::open(file, O_ACCMODE | O_TRUNC) >= 0);
  worked.note("open by openat2", ::syscall(SYS_openat2, 0, 0, 0, 0) >= 0 || errno != ENOSYS);
  worked.note("unlink", ::unlink(file) == 0);
  worked.note("link", ::link(file, "linked") == 0);
}

bool is_allowed(long result) { return result >= 0 || errno != EPERM; }

void change_terminal(int fd, Report& worked) {
  int number = 0;
  worked.note("TIOCSTI", is_allowed(::ioctl(fd, TIOCSTI, "x")));
  worked.note("TIOCLINUX", is_allowed(::ioctl(fd, TIOCLINUX, &number)));
  worked.note("TIOCSETD", is_allowed(::ioctl(fd, TIOCSETD, &number)));
  worked.note("session of its host", ::getsid(0) != ::getpgid(0));
}

void leave_its_place(int fd, Report& worked) {
  worked.note("setpriority of a group", is_allowed(::setpriority(PRIO_PGRP, 0, 0)));
  worked.note("setpriority of a user", is_allowed(::setpriority(PRIO_USER, 0, 0)));
  worked.note("ioprio_set of a group",
              is_allowed(::syscall(SYS_ioprio_set, IOPRIO_WHO_PGRP, 0, 0)));
  worked.note("lease", is_allowed(::fcntl(fd, F_SETLEASE, F_RDLCK)));
  worked.note("outliving its host", is_allowed(::prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)));
  const long sibling = ::syscall(SYS_clone, CLONE_PARENT, nullptr, nullptr, nullptr, nullptr);
  if (sibling == 0) ::_exit(0);
  worked.note("sibling", is_allowed(sibling));
}

void change_processes(Report& worked) {
  const rlimit limit{64, 64};
  worked.note("prlimit", ::prlimit(::getppid(), RLIMIT_NOFILE, nullptr, nullptr) == 0);
  worked.note("prlimit to set", ::prlimit(::getppid(), RLIMIT_NPROC, &limit, nullptr) == 0);
  worked.note("setpriority", ::setpriority(PRIO_PROCESS, static_cast<id_t>(::getppid()), 19) == 0);
  const long child = ::syscall(SYS_clone, CLONE_NEWUSER, nullptr, nullptr, nullptr, nullptr);
  if (child == 0) ::_exit(0);
  worked.note("clone", child > 0 || errno != EPERM);
  clone_args arguments{};
  arguments.flags = CLONE_NEWUSER;
  const long other = ::syscall(SYS_clone3, &arguments, sizeof arguments);
  if (other == 0) ::_exit(0);
  worked.note("clone3", other > 0 || errno != ENOSYS);
  worked.note("unshare", ::unshare(CLONE_NEWUSER) == 0 || errno != EPERM);
}

/// Of calls that the kernel lets every process make; bpf() it may keep from all but root itself.
void look_into_memory(Report& worked) {
  char bytes[8] = {};
  const iovec own{bytes, sizeof bytes};
  worked.note("process_vm_writev",
              is_allowed(::syscall(SYS_process_vm_writev, ::getpid(), &own, 1, &own, 1, 0)));
  worked.note("userfaultfd", is_allowed(::syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY)));
  worked.note("keyctl", is_allowed(::syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
                                             KEY_SPEC_SESSION_KEYRING, 0)));
  worked.note("bpf", is_allowed(::syscall(SYS_bpf, -1, nullptr, 0)));
}

void use_kernel(Report& worked) {
  int pair[2];
  worked.note("pair of datagram sockets", ::socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
  worked.note("unix socket", ::socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
  worked.note("netlink socket", ::socket(AF_NETLINK, SOCK_RAW, 0) >= 0);
  worked.note("packet socket", ::socket(AF_PACKET, SOCK_RAW, 0) >= 0);
  worked.note("shared memory", ::shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) >= 0);
  worked.note("listener of calls",
              ::syscall(SYS_seccomp, 1, kListener, nullptr) == 0 || errno != EPERM);
  worked.note("a call of tomorrow", ::syscall(kNotYet) >= 0 || errno != ENOSYS);
}

bool connects(int fd, const sockaddr* address, socklen_t size) {
  const bool connected = fd >= 0 && ::connect(fd, address, size) == 0;
  ::close(fd);
  return connected;
}

}  // namespace

std::string escapes_that_worked(const std::string& file) {
  Report worked;
  const int fd = ::open(file.c_str(), O_RDONLY);
  worked.note("nothing, for it cannot be read", fd < 0);
  change_attributes(file.c_str(), fd, worked);
  change_content(file.c_str(), worked);
  change_processes(worked);
  change_terminal(fd, worked);
  leave_its_place(fd, worked);
  look_into_memory(worked);
  use_kernel(worked);
  return worked.text();
}

std::string work_that_failed(const std::string& directory) {
  namespace fs = std::filesystem;
  Report failed;
  std::error_code error;
  const fs::path place = fs::path(directory) / "work";
  failed.note("mkdir", !fs::create_directory(place, error));
  std::ofstream(place / "one") << "content";
  fs::rename(place / "one", place / "two", error);
  failed.note("rename", bool(error));
  fs::resize_file(place / "two", 3, error);
  failed.note("truncate", bool(error));
  fs::create_symlink("two", place / "link", error);
  failed.note("symlink", bool(error));
  bool has_run = false;
  std::thread([&] { has_run = true; }).join();
  failed.note("thread", !has_run);
  rlimit limit{};
  failed.note("getrlimit", ::getrlimit(RLIMIT_NOFILE, &limit) != 0);
  failed.note("setrlimit", ::setrlimit(RLIMIT_NOFILE, &limit) != 0);
  failed.note("setpriority", ::setpriority(PRIO_PROCESS, 0, 1) != 0);
  int pair[2];
  failed.note("socketpair", ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0);
  failed.note("remove", fs::remove_all(place, error) != 3);
  return failed.text();
}

std::string reached(const std::string& unix_path, int port) {
  Report worked;
  sockaddr_un path{};
  path.sun_family = AF_UNIX;
  std::strncpy(path.sun_path, unix_path.c_str(), sizeof path.sun_path - 1);
  worked.note("unix", connects(::socket(AF_UNIX, SOCK_STREAM, 0),
                               reinterpret_cast<sockaddr*>(&path), sizeof path));
  sockaddr_in host{};
  host.sin_family = AF_INET;
  host.sin_port = htons(static_cast<std::uint16_t>(port));
  host.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  worked.note("tcp", connects(::socket(AF_INET, SOCK_STREAM, 0), reinterpret_cast<sockaddr*>(&host),
                              sizeof host));
  addrinfo* found = nullptr;
  worked.note("name", ::getaddrinfo("localhost", nullptr, nullptr, &found) == 0);
  return worked.text();
}

}  // namespace zoo
