// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace ostler::files {

/// Whether `relative` names something beneath any directory that it is put under: not empty, not
/// absolute, without "..", an empty part or a NUL byte.
bool stays_beneath(std::string_view relative);

/// The path of `relative` under `root`, its parent directories made. A symbolic link in the way
/// (the last part included) is not followed but refused.
/// Errors: Denied when it would leave `root`; others from the file system.
Result<std::filesystem::path> make_path_beneath(const std::filesystem::path& root,
                                                std::string_view relative);

}  // namespace ostler::files
