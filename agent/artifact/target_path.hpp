// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::artifact {

/// Where a downloaded artifact goes: `path` beneath `destination`, a directory as the user wrote
/// it. Backslashes read as slashes; leading ".." and empty components fall away; a first component
/// that equals the destination's last is not repeated, unless that was written with a "/" at its
/// end. Errors: Denied for a path that would leave the destination, or names nothing. Source:
/// agent-api 6.6, job-lifecycle 8.4.
Result<std::filesystem::path> target_path(const std::string& destination, std::string_view path);

}  // namespace ostler::artifact
