// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace ostler::cli {

/// The content of a file that somebody has named to a command.
/// Errors: UserFault when it is not there, may not be read or is longer than `limit` bytes.
Result<std::string> read_named_file(const std::filesystem::path& file,
                                    std::size_t limit = 64u << 20);

}  // namespace ostler::cli
