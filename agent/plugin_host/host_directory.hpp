// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

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

}  // namespace ostler::plugin_host
