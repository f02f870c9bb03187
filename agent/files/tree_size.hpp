// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

namespace ostler::files {

/// What a directory and all beneath it take of the disk, on its file system. What cannot be looked
/// at is not counted; directories that this user closed to himself are opened.
std::uint64_t tree_size(const std::filesystem::path& directory);

}  // namespace ostler::files
