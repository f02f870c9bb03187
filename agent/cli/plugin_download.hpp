// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "plugin_host/lock_file.hpp"

namespace ostler::cli {

/// Gets the archive of a locked plugin from the hub of the job whose environment this process has,
/// and says so in its log. Its digest, as the hub gives it, is checked while it comes.
/// Errors: NotFound when the hub has none; Protocol when it is not what the hub said; Unavailable
/// and Timeout after three attempts.
Result<void> download_plugin(const plugin_host::LockedPlugin& plugin,
                             const std::filesystem::path& to);

}  // namespace ostler::cli
