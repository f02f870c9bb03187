// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/host_directory.hpp"

namespace ostler::plugin_host {

void give_host_directory(BoxSpec& spec, const std::filesystem::path& directory) {
  // In front: relative paths begin at the last.
  spec.paths.insert(spec.paths.begin(), {directory.string(), "write"});
  spec.facts.emplace_back("host_directory", directory.string());
  if (spec.commands) spec.commands->cache = directory.string();
}

}  // namespace ostler::plugin_host
