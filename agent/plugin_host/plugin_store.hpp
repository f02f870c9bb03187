// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "plugin_host/step_reference.hpp"

// The plugins of a host: a directory with ID/VERSION/plugin.json and what belongs to it.
namespace ostler::plugin_host {

/// Ids of the plugins in a store, sorted; none when it is not there.
std::vector<std::string> ids_in_store(const std::filesystem::path& store);
/// Versions of one plugin, the earliest first.
std::vector<std::string> versions_in_store(const std::filesystem::path& store,
                                           const std::string& id);

/// The directory of the newest version that `wanted` may mean. Without a version the store must
/// have one major version only.
/// Errors: NotFound, with what the store has instead.
Result<std::filesystem::path> find_in_store(const std::filesystem::path& store,
                                            const StepReference& wanted);

}  // namespace ostler::plugin_host
