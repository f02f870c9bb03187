// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "git/repository.hpp"

namespace ostler::cli {

/// The repository whose work tree holds the working directory. Requires: a git::Library lives.
/// Errors: NotFound; Denied when it belongs to another user; Corrupt.
Result<git::Repository> surrounding_repository();
/// The same of an absolute path.
Result<git::Repository> repository_around(std::filesystem::path directory);

}  // namespace ostler::cli
