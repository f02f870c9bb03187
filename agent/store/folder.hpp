// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace ostler::store {

/// Makes the names in a folder safe from a crash.
Result<void> sync_folder(const std::filesystem::path& path);

/// Makes a folder of mode 0700, safe from a crash; fine when it is there. Its parent must exist.
Result<void> make_folder(const std::filesystem::path& path);

/// An error from errno: "<call> <path>".
Error path_error(std::string_view call, const std::filesystem::path& path);

}  // namespace ostler::store
