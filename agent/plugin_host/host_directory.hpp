// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "files/kept_directory.hpp"
#include "plugin_host/box_run.hpp"

namespace ostler::plugin_host {

/// The name of the directory that a plugin has on this host for `owner`, which is all that tells
/// those apart who must not share one.
std::string host_directory_name(const std::string& plugin, const std::vector<std::string>& owner);

/// The agent's address and the repository of an `ostler run`, with a space between. Its hub and its
/// pipeline are new each time, and what plugins keep stays with the repository.
inline constexpr const char* kRunRepositoryVariable = "OSTLER_RUN_REPOSITORY";

/// Lets a run keep files in a directory that stays on the host; for its commands of the profile
/// workspace it is that of their caches.
void give_host_directory(BoxSpec& spec, const std::filesystem::path& directory);

/// At the end of a run with a directory in `root`: notes its use, and then, unless it is asked to
/// stop, clears the root within the limits, and not only once in a time when this one is too large.
/// Each of the two has some seconds; what is left then is for the next one. Blocks as long.
Result<void> leave_host_directory(files::KeptDirectory directory, const std::filesystem::path& root,
                                  const std::stop_token& stop = {},
                                  files::KeptLimits limits = {.every = std::chrono::hours(1)});

}  // namespace ostler::plugin_host
