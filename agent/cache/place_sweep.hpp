// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace ostler::cache {

/// Removes files of caches from the directory that keeps them, once a day at most: those that
/// nobody has used for 31 days, which no entry of a hub means any more (entries live for 30), and
/// halves of those that were being written when a process was killed. Files of other names are not
/// ours. What cannot be removed stays for the next time.
void sweep_place(const std::filesystem::path& directory);

}  // namespace ostler::cache
