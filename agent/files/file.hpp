// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::files {

/// The whole content of a file of at most `limit` bytes.
/// Errors: NotFound; Denied; UserFault when it is larger than `limit`.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 64u << 20);

/// Replaces `path` so that a reader (and a restarted machine, when `sync`) sees the old content
/// or the new one, never a part: writes a file beside it, then renames.
enum class Sync { No, Yes };
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view content,
                                   mode_t mode = 0600, Sync sync = Sync::No);

/// Brings to the disk which files are in a directory.
Result<void> sync_directory(const std::filesystem::path& path);

/// Writes all of `bytes` to `fd`, going on after short writes and EINTR.
Result<void> write_all(int fd, std::string_view bytes);

/// Makes a directory (and its parents) of mode 0700, or checks that an existing one is a directory
/// of ours that nobody else may enter. Errors: Denied, saying what to do, when it is not.
Result<void> ensure_private_directory(const std::filesystem::path& path);

}  // namespace ostler::files
