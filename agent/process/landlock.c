// SPDX-License-Identifier: Apache-2.0
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "process/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What headers older than the kernel do not have. */
#define ACCESS_REFER (1ULL << 13)        /* from version 2 */
#define ACCESS_TRUNCATE (1ULL << 14)     /* 3 */
#define ACCESS_IOCTL_DEVICE (1ULL << 15) /* 5 */
#define NET_BIND_AND_CONNECT 3ULL        /* 4 */
#define SCOPE_ALL 3ULL                   /* 6: abstract sockets, signals */

/* struct landlock_ruleset_attr as of version 6. */
struct ruleset {
  uint64_t files;
  uint64_t net;
  uint64_t scoped;
};

static uint64_t all_rights(long version) {
  uint64_t rights = ACCESS_REFER - 1;
  if (version >= 2) rights |= ACCESS_REFER;
  if (version >= 3) rights |= ACCESS_TRUNCATE;
  if (version >= 5) rights |= ACCESS_IOCTL_DEVICE;
  return rights;
}

/* Nobody may execute but what is to be; who may write may also not make devices. */
static uint64_t rights_of(const struct landlock_path *path, bool is_directory, uint64_t all) {
  uint64_t rights = LANDLOCK_ACCESS_FS_READ_FILE;
  if (is_directory) rights |= LANDLOCK_ACCESS_FS_READ_DIR;
  if (path->writable) {
    rights = all & ~(uint64_t)(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                               LANDLOCK_ACCESS_FS_MAKE_BLOCK | ACCESS_IOCTL_DEVICE);
  }
  if (path->runs) rights |= LANDLOCK_ACCESS_FS_EXECUTE;
  const uint64_t of_files = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                            ACCESS_TRUNCATE | LANDLOCK_ACCESS_FS_EXECUTE;
  return is_directory ? rights : rights & of_files;
}

static bool allow(int rules, const struct landlock_path *path, uint64_t all) {
  const int fd = open(path->path, O_PATH | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT || errno == ENOTDIR;
  struct stat found;
  struct landlock_path_beneath_attr rule = {0};
  bool allowed = fstat(fd, &found) == 0;
  if (allowed) {
    rule.allowed_access = rights_of(path, S_ISDIR(found.st_mode), all) & all;
    rule.parent_fd = fd;
    allowed = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
  }
  close(fd);
  return allowed;
}

static bool allow_all(int rules, const struct landlock_path *paths, size_t count, uint64_t all) {
  for (size_t i = 0; i < count; ++i) {
    if (!allow(rules, &paths[i], all)) return false;
  }
  return true;
}

static size_t size_of_ruleset(long version) {
  if (version >= 6) return sizeof(struct ruleset);
  return version >= 4 ? offsetof(struct ruleset, scoped) : offsetof(struct ruleset, net);
}

int landlock_make(const struct landlock_path *paths, size_t count, bool network,
                  uint32_t *measures) {
  const long version =
      syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return -1;
  struct ruleset ruleset = {.files = all_rights(version)};
  if (version >= 4 && !network) ruleset.net = NET_BIND_AND_CONNECT;
  if (version >= 6) ruleset.scoped = SCOPE_ALL;
  const int rules =
      (int)syscall(SYS_landlock_create_ruleset, &ruleset, size_of_ruleset(version), 0);
  if (rules < 0) return -1;
  if (!allow_all(rules, paths, count, ruleset.files)) {
    const int why = errno;
    close(rules);
    errno = why;
    return -1;
  }
  *measures |= LANDLOCKS_FILES;
  if (ruleset.net != 0) *measures |= LANDLOCKS_TCP;
  if (ruleset.scoped != 0) *measures |= LANDLOCKS_SCOPES;
  return rules;
}

bool landlock_obey(int rules) { return syscall(SYS_landlock_restrict_self, rules, 0) == 0; }

bool keep_file_capabilities(void) {
  const uint32_t kept = 1U << CAP_CHOWN | 1U << CAP_DAC_OVERRIDE | 1U << CAP_DAC_READ_SEARCH |
                        1U << CAP_FOWNER | 1U << CAP_FSETID;
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{0}};
  if (syscall(SYS_capget, &header, data) != 0) return false;
  for (int i = 0; i < 2; ++i) {
    const uint32_t mask = i == 0 ? kept : 0;
    data[i].effective &= mask;
    data[i].permitted &= mask;
    data[i].inheritable = 0;
  }
  return syscall(SYS_capset, &header, data) == 0;
}
