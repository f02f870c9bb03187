// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "cli/client_access.hpp"

namespace ostler::cli {

/// Has the store hold what the pipeline in `file` names, plugins.lock of the repository around
/// `repository` pins and the store lacks, from the hub that a person is logged in to. What is there
/// in that version stays as it is. Says what came, and what did not: the job that wants it fails.
void fetch_pinned_plugins(const std::filesystem::path& file,
                          const std::filesystem::path& repository, const ClientFlags& client);

}  // namespace ostler::cli
