// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace ostler::plugin_host {

/// An empty file in memory that can be sealed.
Result<UniqueFd> memory_file();

/// Copies a file into a memory file, and seals that: nobody can change it any more. Returns its
/// SHA-256 in hex. Errors: NotFound; UserFault for more than 256 MiB or what is no file.
Result<std::string> copy_and_seal(const std::string& path, int into);

/// Both in one.
struct SealedCopy {
  UniqueFd fd;
  std::string sha256;
};
Result<SealedCopy> sealed_copy(const std::string& path);

}  // namespace ostler::plugin_host
