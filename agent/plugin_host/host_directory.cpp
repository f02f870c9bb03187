// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/host_directory.hpp"

#include "crypto/digest.hpp"

namespace ostler::plugin_host {

std::string host_directory_name(const std::string& plugin, const std::vector<std::string>& owner) {
  constexpr std::size_t kDigits = 32;
  std::string text;
  for (const std::string& part : owner) text += std::to_string(part.size()) + ":" + part + "\n";
  return plugin + "-" + crypto::sha256_hex(text + plugin).substr(0, kDigits);
}

void give_host_directory(BoxSpec& spec, const std::filesystem::path& directory) {
  // In front: relative paths begin at the last.
  spec.paths.insert(spec.paths.begin(), {directory.string(), "write"});
  spec.facts.emplace_back("host_directory", directory.string());
  if (spec.commands) spec.commands->cache = directory.string();
}

}  // namespace ostler::plugin_host
