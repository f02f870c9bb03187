// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::plugin_host {

/// An empty file in memory that can be sealed, and never be executed.
Result<UniqueFd> memory_file();
/// What take_code fills: the first for a plugin, which may turn out to be a program, the others for
/// as many libraries as that may need.
Result<std::vector<UniqueFd>> memory_files_for_code();
/// The same for what may turn out to be a program.
Result<UniqueFd> memory_file_for_plugin();

/// Copies a file into a memory file, and seals that: nobody can change it any more, nor execute it
/// unless it is a program. Returns its SHA-256 in hex.
/// Errors: NotFound; UserFault for more than 256 MiB or what is no file.
Result<std::string> copy_and_seal(const std::string& path, int into, bool is_program = false);

/// Copies a file to the end of what `into` has; nothing is sealed.
/// Errors: as copy_and_seal; UserFault for a symbolic link, or for more than `most` bytes.
struct CopiedFile {
  std::string sha256;
  std::uint64_t size = 0;
};
Result<CopiedFile> copy_plain_file(const std::string& path, int into, std::uint64_t most);
/// From now on nobody can change a memory file.
Result<void> seal(int fd);

/// A memory file and copy_and_seal in one.
struct SealedCopy {
  UniqueFd fd;
  std::string sha256;
};
Result<SealedCopy> sealed_copy(const std::string& path, bool is_program = false);

}  // namespace ostler::plugin_host
