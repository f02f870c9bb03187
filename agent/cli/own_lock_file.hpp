// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "plugin_host/lock_file.hpp"
#include "plugin_host/step_reference.hpp"

// plugins.lock where a person or a job stands.
namespace ostler::cli {

/// At the top of the repository that `directory` is in, where jobs look for it; in `directory`
/// itself where it is in none.
std::filesystem::path lock_file_around(const std::filesystem::path& directory);
/// That of this directory.
std::filesystem::path own_lock_file();

/// What a lock file says; nothing where there is none. Errors: UserFault with the number of the
/// line; those of reading it.
Result<std::vector<plugin_host::LockedPlugin>> read_lock_file_at(const std::filesystem::path& file);

/// The newest one of this platform in `lock` that `wanted` may mean.
std::optional<plugin_host::LockedPlugin> pinned_here(
    const plugin_host::StepReference& wanted, const std::vector<plugin_host::LockedPlugin>& lock);

}  // namespace ostler::cli
