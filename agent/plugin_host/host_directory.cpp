// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/host_directory.hpp"

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace ostler::plugin_host {

std::string host_directory_name(const std::string& plugin, const std::vector<std::string>& owner) {
  std::string text;
  for (const std::string& part : owner) text += std::to_string(part.size()) + ":" + part + "\n";
  // A hash that the lean program can make without a library: of names that a server has given.
  const boost::uuids::name_generator_sha1 name_of(boost::uuids::ns::oid());
  return plugin + "-" + boost::uuids::to_string(name_of(text + plugin));
}

void give_host_directory(BoxSpec& spec, const std::filesystem::path& directory) {
  // In front: relative paths begin at the last.
  spec.paths.insert(spec.paths.begin(), {directory.string(), "write"});
  spec.facts.emplace_back("host_directory", directory.string());
  if (spec.commands) spec.commands->cache = directory.string();
}

}  // namespace ostler::plugin_host
