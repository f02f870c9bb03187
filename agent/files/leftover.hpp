// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

// Names of kept directories that are on their way out.
namespace ostler::files {

/// `.going-UUID`: whoever meets it removes it.
std::string name_of_going();
/// `.stuck-UUID-BYTES`: it could not be removed, and takes as much of the disk.
std::string name_of_stuck(std::uint64_t bytes);

struct Leftover {
  std::optional<std::uint64_t> stuck_bytes;  ///< none: nobody has failed to remove it
};
/// None when `name` in the directory `root` is none, or not a directory of this user.
std::optional<Leftover> find_leftover(int root, const std::string& name);

}  // namespace ostler::files
