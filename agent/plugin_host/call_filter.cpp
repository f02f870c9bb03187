// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/call_filter.hpp"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/fscrypt.h>
#include <linux/fsverity.h>
#include <linux/ioprio.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ostler::plugin_host {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#else
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#endif

/// Of the kernel, for all processes of a user.
#define OVER_KEYS __NR_keyctl, __NR_add_key, __NR_request_key
/// Ways around the other measures, into other processes and into the kernel.
#define INTO_OTHERS                                                                               \
  __NR_execveat, __NR_io_uring_setup, __NR_ptrace, __NR_process_vm_readv, __NR_process_vm_writev, \
      __NR_pidfd_getfd, __NR_kcmp, __NR_bpf, __NR_userfaultfd, __NR_perf_event_open,              \
      __NR_open_by_handle_at, __NR_name_to_handle_at, __NR_mount, __NR_umount2, __NR_pivot_root,  \
      __NR_chroot, __NR_move_mount, __NR_fsopen, __NR_open_tree, __NR_mount_setattr, __NR_setns,  \
      __NR_unshare, __NR_init_module, __NR_finit_module, __NR_delete_module, __NR_kexec_load,     \
      __NR_reboot, __NR_swapon, __NR_swapoff, __NR_personality, __NR_quotactl, __NR_acct,         \
      __NR_syslog, __NR_settimeofday, __NR_clock_settime, __NR_adjtimex, __NR_sethostname,        \
      __NR_setdomainname, __NR_setsid, __NR_setpgid, __NR_process_madvise, __NR_migrate_pages,    \
      __NR_move_pages
/// Modes, owners and attributes, which Landlock does not know.
#define OVER_ATTRIBUTES                                                                  \
  __NR_fchmod, __NR_fchmodat, __NR_fchown, __NR_fchownat, __NR_setxattr, __NR_lsetxattr, \
      __NR_fsetxattr, __NR_removexattr, __NR_lremovexattr, __NR_fremovexattr, __NR_utimensat
#if defined(__x86_64__)
#define WITHOUT_DIRECTORY \
  __NR_chmod, __NR_chown, __NR_lchown, __NR_utime, __NR_utimes, __NR_futimesat,
#else
#define WITHOUT_DIRECTORY
#endif
/// Memory and queues that belong to a user and to no path.
#define OVER_MEMORY                                                                         \
  __NR_shmget, __NR_shmat, __NR_shmctl, __NR_msgget, __NR_msgsnd, __NR_msgrcv, __NR_msgctl, \
      __NR_semget, __NR_semop, __NR_semtimedop, __NR_semctl, __NR_mq_open, __NR_mq_unlink
constexpr std::uint32_t kFchmodat2 = 452;  // later than the headers
constexpr std::uint32_t kRefusedCalls[] = {
    INTO_OTHERS, OVER_KEYS, WITHOUT_DIRECTORY OVER_ATTRIBUTES, kFchmodat2, OVER_MEMORY};
constexpr std::uint32_t kRefusedToCommands[] = {__NR_io_uring_setup, __NR_open_by_handle_at,
                                                OVER_KEYS};

/// Of ioctl(): they type into a terminal for whoever reads it, or change what it is.
constexpr std::uint32_t kTerminalRequests[] = {TIOCSTI, TIOCLINUX, TIOCSETD};
/// They change attributes of a file that is open for reading.
constexpr std::uint32_t kAttributeRequests[] = {FS_IOC_SETFLAGS,      FS_IOC_FSSETXATTR,
                                                FS_IOC32_SETVERSION,  FS_IOC_SETVERSION,
                                                FS_IOC_ENABLE_VERITY, FS_IOC_SET_ENCRYPTION_POLICY};
constexpr int kLandlockSeesTruncation = 3;  // version

/// Calls that are newer may be anything. Programs take ENOSYS for an older kernel.
constexpr std::uint32_t kNewestCall = 462;
constexpr std::uint32_t kFlagsOfClone = 0x7E020000 | CLONE_PARENT;  // CLONE_NEW*; a sibling
constexpr std::uint32_t kNoAccess = 3;  // of O_ACCMODE; neither O_RDONLY, O_WRONLY nor O_RDWR
constexpr std::uint32_t kSocketType = 0xf;
constexpr std::uint32_t kNewListener = 1 << 3;

/// A program of the kernel's filter that is being written.
class Program {
 public:
  void step(unsigned code, std::uint32_t value) {
    steps_.push_back({static_cast<std::uint16_t>(code), 0, 0, value});
  }
  /// Leaves out as many of the next steps as said, when the test holds and when it does not.
  void branch(unsigned test, std::uint32_t value, std::size_t when, std::size_t unless) {
    steps_.push_back({static_cast<std::uint16_t>(BPF_JMP | BPF_K | test),
                      static_cast<std::uint8_t>(when), static_cast<std::uint8_t>(unless), value});
  }
  void load(std::size_t offset) {
    step(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
  }
  /// The lower half: all that the kernel takes of an argument of type int or unsigned.
  void load_argument(unsigned number) {
    load(offsetof(seccomp_data, args) + number * sizeof(std::uint64_t));
  }
  void mask(std::uint32_t bits) { step(BPF_ALU | BPF_AND | BPF_K, bits); }
  void allow() { step(BPF_RET | BPF_K, SECCOMP_RET_ALLOW); }
  void refuse(std::uint32_t error) { step(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error); }

  /// What `rule` writes is for that call alone, and decides it.
  template <class Rule>
  void on(std::uint32_t call, const Rule& rule) {
    const std::size_t at = steps_.size();
    branch(BPF_JEQ, call, 0, 0);
    rule();
    steps_[at].jf = static_cast<std::uint8_t>(steps_.size() - at - 1);
  }
  void ask_listener(std::uint32_t call) {
    on(call, [&] { step(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF); });
  }
  void refuse_call(std::uint32_t call, std::uint32_t error) {
    on(call, [&] { refuse(error); });
  }
  /// Allows the call when its argument, as far as `bits` lets it through, is one of the values.
  void allow_values(std::uint32_t call, unsigned argument, std::uint32_t bits,
                    const std::vector<std::uint32_t>& values, std::uint32_t error) {
    on(call, [&] {
      load_argument(argument);
      mask(bits);
      for (std::size_t i = 0; i < values.size(); ++i)
        branch(BPF_JEQ, values[i], values.size() - i, 0);
      refuse(error);
      allow();
    });
  }
  void refuse_values(std::uint32_t call, unsigned argument, std::uint32_t bits,
                     const std::vector<std::uint32_t>& values) {
    on(call, [&] {
      load_argument(argument);
      mask(bits);
      for (std::size_t i = 0; i < values.size(); ++i)
        branch(BPF_JEQ, values[i], values.size() - i, 0);
      allow();
      refuse(EPERM);
    });
  }
  void refuse_any_bit(std::uint32_t call, unsigned argument, std::uint32_t bits) {
    on(call, [&] {
      load_argument(argument);
      branch(BPF_JSET, bits, 1, 0);
      allow();
      refuse(EPERM);
    });
  }
  /// Of setpriority() and its like: allows it for the caller's own process, which is number 0.
  void allow_own(std::uint32_t call, std::uint32_t process) {
    on(call, [&] {
      load_argument(0);
      branch(BPF_JEQ, process, 0, 2);
      load_argument(1);
      branch(BPF_JEQ, 0, 1, 0);
      refuse(EPERM);
      allow();
    });
  }

  std::string bytes() const {
    return {reinterpret_cast<const char*>(steps_.data()), steps_.size() * sizeof(sock_filter)};
  }

 private:
  std::vector<sock_filter> steps_;
};

constexpr std::uint32_t kWhole = ~std::uint32_t{0};

void refuse_strangers(Program& program) {
  program.load(offsetof(seccomp_data, arch));
  program.branch(BPF_JEQ, kArchitecture, 1, 0);
  program.refuse(ENOSYS);
  program.load(offsetof(seccomp_data, nr));
  program.branch(BPF_JGT, kNewestCall, 0, 1);
  program.refuse(ENOSYS);
}

/// A thread of the box lets its one execve() pass; that ends the thread and with it the listener,
/// and without one the kernel answers ENOSYS.
void filter_start(Program& program, bool may_start) {
  if (may_start) {
    program.ask_listener(__NR_execve);
  } else {
    program.refuse_call(__NR_execve, EPERM);
  }
}

/// A pair of datagram sockets could be turned to a path; a pair of streams is joined for good.
void filter_sockets(Program& program, bool network) {
  if (network) {
    program.allow_values(__NR_socket, 0, kWhole, {AF_INET, AF_INET6}, EAFNOSUPPORT);
  } else {
    program.refuse_call(__NR_socket, EPERM);
  }
  program.on(__NR_socketpair, [&] {
    program.load_argument(0);
    program.branch(BPF_JEQ, AF_UNIX, 1, 0);
    program.refuse(EPERM);
    program.load_argument(1);
    program.mask(kSocketType);
    program.branch(BPF_JEQ, SOCK_STREAM, 2, 0);
    program.branch(BPF_JEQ, SOCK_SEQPACKET, 1, 0);
    program.refuse(EPERM);
    program.allow();
  });
}

/// clone3() has its flags in memory, where a filter cannot look: the C library takes clone() then.
/// A filter with a listener of the plugin's own could answer calls in place of this one. 0 is
/// oneself.
void filter_processes(Program& program) {
  program.refuse_call(__NR_clone3, ENOSYS);
  program.refuse_any_bit(__NR_clone, 0, kFlagsOfClone);
  program.refuse_any_bit(__NR_seccomp, 1, kNewListener);
  program.allow_values(__NR_prlimit64, 0, kWhole, {0}, EPERM);
  program.allow_own(__NR_setpriority, PRIO_PROCESS);
  program.allow_own(__NR_ioprio_set, IOPRIO_WHO_PROCESS);
  program.on(__NR_prctl, [&] {
    program.load_argument(0);
    program.branch(BPF_JEQ, PR_SET_PDEATHSIG, 0, 2);
    program.load_argument(1);
    program.branch(BPF_JEQ, SIGKILL, 0, 1);  // it dies with its host
    program.allow();
    program.refuse(EPERM);
  });
  program.refuse_values(__NR_fcntl, 1, kWhole, {F_SETLEASE});
}

/// Landlock asks nothing of a file that is opened for neither reading nor writing; such a one takes
/// ioctl() all the same. Whoever may read a file could cut it short where Landlock does not see it.
/// openat2() has its flags in memory.
void filter_opening(Program& program, bool truncates) {
  std::vector<std::uint32_t> refused = {kNoAccess, O_TRUNC | kNoAccess};
  if (!truncates) refused.push_back(O_TRUNC);
  program.refuse_call(__NR_openat2, ENOSYS);
  program.refuse_values(__NR_openat, 2, O_TRUNC | O_ACCMODE, refused);
#if defined(__x86_64__)
  program.refuse_values(__NR_open, 1, O_TRUNC | O_ACCMODE, refused);
#endif
  if (!truncates) program.refuse_call(__NR_truncate, EPERM);
}

}  // namespace

std::string call_filter(const CallRights& rights) {
  Program program;
  refuse_strangers(program);
  for (const std::uint32_t call : kRefusedCalls) program.refuse_call(call, EPERM);
  filter_start(program, rights.program);
  filter_sockets(program, rights.network);
  filter_processes(program);
  filter_opening(program, rights.truncates);
  std::vector<std::uint32_t> requests(std::begin(kTerminalRequests), std::end(kTerminalRequests));
  requests.insert(requests.end(), std::begin(kAttributeRequests), std::end(kAttributeRequests));
  program.refuse_values(__NR_ioctl, 1, kWhole, requests);
  program.allow();
  return program.bytes();
}

std::string command_filter(const CommandRights& rights) {
  Program program;
  refuse_strangers(program);
  for (const std::uint32_t call : kRefusedToCommands) program.refuse_call(call, EPERM);
  filter_sockets(program, rights.network);
  if (!rights.truncates) filter_opening(program, false);
  program.refuse_values(__NR_ioctl, 1, kWhole,
                        {std::begin(kTerminalRequests), std::end(kTerminalRequests)});
  program.allow();
  return program.bytes();
}

int landlock_version() {
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version < 0 ? 0 : static_cast<int>(version);
}

bool landlock_sees_truncation() { return landlock_version() >= kLandlockSeesTruncation; }

}  // namespace ostler::plugin_host
