// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace ostler::cache {

/// Removes files of caches from the directory that keeps them, once a day at most: those that
/// nobody has used for 31 days, which no entry of a hub means any more (entries live for 30), and
/// halves of those that were being written when a process was killed. Files of other names are not
/// ours. What cannot be removed stays for the next time.
void sweep_place(const std::filesystem::path& directory);

/// Removes that file of a cache, unless it turns out to have been used within the 31 days.
void remove_unused(const std::filesystem::path& directory, const std::string& name);

}  // namespace ostler::cache
