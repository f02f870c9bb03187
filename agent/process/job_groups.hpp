// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace ostler::process {

/// The directory of this process's own control group (version 2) in the file system, from the texts
/// of /proc/self/mountinfo and /proc/self/cgroup; none when there is no version 2 tree.
std::optional<std::filesystem::path> own_cgroup_directory(std::string_view mountinfo,
                                                          std::string_view own_cgroup);

/// Where the control groups of jobs are made: in our own group, or beside it when we were put into
/// a subgroup of the one that is delegated to us (systemd's DelegateSubgroup=); `own` is ours.
std::filesystem::path job_groups_of(const std::filesystem::path& own);
/// The same for this process; none when there is no version 2 tree.
std::optional<std::filesystem::path> find_job_groups();

/// Makes the kernel account memory for each group in `groups`, so that it tells when it kills for
/// lack of it. Errors: NotFound when the tree has no memory controller; Conflict when processes
/// live in `groups` itself, where the kernel does not allow it; Denied, also when systemd has not
/// delegated the group.
Result<void> account_memory(const std::filesystem::path& groups);

}  // namespace ostler::process
