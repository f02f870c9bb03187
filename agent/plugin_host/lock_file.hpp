// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "plugin_host/step_reference.hpp"

// plugins.lock of a repository: which bytes its step plugins are.
namespace ostler::plugin_host {

inline constexpr const char* kLockFileName = "plugins.lock";

/// One line: "greet 1.0.0 linux-x86_64-glibc sha256:ab12...".
struct LockedPlugin {
  std::string id;
  std::string version;
  std::string platform;
  std::string sha256;  ///< of the plugin's plugin.json, which has those of its other files
};

/// Errors: UserFault with the number of the line; of both where two pin one plugin to different
/// bytes.
Result<std::vector<LockedPlugin>> read_lock_file(std::string_view text);
/// Sorted, with a line that says where it comes from.
std::string write_lock_file(std::vector<LockedPlugin> plugins);

/// The newest of this platform in `lock` that `wanted` may mean; null when there is none. Without a
/// version that is the only one, be it a pre-release, as find_in_store has it.
const LockedPlugin* pinned_as(const StepReference& wanted, const std::vector<LockedPlugin>& lock);

/// Of the plugins that this program can run: "linux-x86_64-glibc".
std::string own_platform();

}  // namespace ostler::plugin_host
