// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "plugin_host/box_run.hpp"

namespace ostler::plugin_host {

/// Lets a run keep files in a directory that stays on the host; for its commands of the profile
/// workspace it is that of their caches.
void give_host_directory(BoxSpec& spec, const std::filesystem::path& directory);

}  // namespace ostler::plugin_host
