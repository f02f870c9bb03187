// SPDX-License-Identifier: Apache-2.0
#include "files/confine_thread.hpp"

#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "base/unique_fd.hpp"

namespace ostler::files {
namespace {

// What headers older than the kernel do not have.
constexpr std::uint64_t kRefer = 1ULL << 13;     // from version 2
constexpr std::uint64_t kTruncate = 1ULL << 14;  // 3

constexpr std::uint64_t kReading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kNever =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK;

std::uint64_t rights_of_version(long version) {
  std::uint64_t rights = kRefer - 1;
  if (version >= 2) rights |= kRefer;
  if (version >= 3) rights |= kTruncate;
  return rights;
}

Error landlock_failed() { return Error::from_errno(errno, "confine a thread"); }

}  // namespace

Result<void> confine_thread(int directory, bool may_write) {
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return success();
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = rights_of_version(version);
  const UniqueFd rules(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
  if (!rules) return landlock_failed();
  landlock_path_beneath_attr beneath{};
  beneath.parent_fd = directory;
  beneath.allowed_access = may_write ? attributes.handled_access_fs & ~kNever : kReading;
  const bool is_held =
      ::syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0 &&
      ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
      ::syscall(SYS_landlock_restrict_self, rules.get(), 0) == 0;
  if (!is_held) return landlock_failed();
  return success();
}

}  // namespace ostler::files
