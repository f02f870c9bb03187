// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "files/should_stop.hpp"

namespace ostler::files {

/// Removes `path` and all beneath it, however deep. Follows no symbolic link; enters directories
/// that their owner closed to himself. What is not there is no error.
/// Errors: the first thing that cannot be removed, with its path; Conflict when somebody moves a
/// directory of it meanwhile; Cancelled when `stop` left something of it.
Result<void> remove_tree(const std::filesystem::path& path, const ShouldStop& stop = {});

}  // namespace ostler::files
