// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ostler::plugin_host {

/// Why no job can have the plugin of hooks that `source` names, and what to do: to name the step
/// plugin that was probably meant, one of `store` or of `bare_names`, or to leave it out.
std::string hook_plugin_fault(const std::string& source, const std::filesystem::path& store,
                              const std::vector<std::string>& bare_names);

}  // namespace ostler::plugin_host
