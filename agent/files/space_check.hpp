// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"

namespace ostler::files {

/// Refuses to begin what needs more bytes than are free. Errors: Unavailable, saying both numbers.
Result<void> check_space(const std::filesystem::path& directory, std::int64_t bytes);

}  // namespace ostler::files
