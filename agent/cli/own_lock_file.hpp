// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "plugin_host/lock_file.hpp"

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

}  // namespace ostler::cli
