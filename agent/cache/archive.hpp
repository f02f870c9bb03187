// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

// The bytes of one cache entry: a tar archive, packed with zstd, of regular files, directories and
// symbolic links. Somebody who is not trusted may change the directory meanwhile: nothing outside
// of it is ever read or written.
namespace ostler::cache {

/// Packs what is at these paths of an open directory into an open file; those that are not there
/// are left out. How many entries the archive has. Blocks.
/// Errors: those of the file system; UserFault for more than an archive may have.
Result<std::uint64_t> pack(int directory, const std::vector<std::string>& paths, int into);

/// Writes what an open archive has at these paths beneath an open directory; files that are there
/// are replaced. Blocks. Errors: Corrupt for an archive that has anything else, or none of ours;
/// those of the file system.
Result<void> unpack(int archive, const std::vector<std::string>& paths, int directory);

}  // namespace ostler::cache
