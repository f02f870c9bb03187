// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "files/should_stop.hpp"

namespace ostler::files {

/// What a directory and all beneath it take of the disk, on its file system. What cannot be looked
/// at is not counted; directories that this user closed to himself are opened.
std::uint64_t tree_size(const std::filesystem::path& directory);

struct TreeSize {
  std::uint64_t bytes = 0;
  bool is_whole = true;  ///< false: it has at least as many
};

/// The same of what is met until `stop`, or until somebody moves a directory of it meanwhile.
TreeSize measure_tree(const std::filesystem::path& directory, const ShouldStop& stop);

}  // namespace ostler::files
