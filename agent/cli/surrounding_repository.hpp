// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "git/repository.hpp"

namespace ostler::cli {

/// The repository whose work tree holds the working directory. Requires: a git::Library lives.
/// Errors: NotFound; Denied when it belongs to another user; Corrupt.
Result<git::Repository> surrounding_repository();

}  // namespace ostler::cli
