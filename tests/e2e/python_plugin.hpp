// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "crypto/digest.hpp"
#include "files/file.hpp"

namespace ostler::support {

/// A step plugin in Python, of the version 1.0.0.
struct PythonPlugin {
  std::string id;
  std::string source;                             ///< behind the SDK's module; it calls run()
  std::string permissions = "{}";                 ///< JSON
  std::string configuration = {};                 ///< its schema, JSON; empty: none
  std::map<std::string, std::string> files = {};  ///< others, by name
};

/// Puts the plugin in `place`, a directory that is made when it is missing.
inline void write_plugin(const std::filesystem::path& place, const PythonPlugin& plugin) {
  const std::filesystem::path source = std::getenv("OSTLER_SOURCE_DIR");
  const std::string library = plugin.id + ".py";
  std::map<std::string, std::string> files = plugin.files;
  files[library] =
      files::read_file(source / "sdk/templates/python/ostler_step.py").value() + plugin.source;
  nlohmann::json manifest = {{"id", plugin.id},
                             {"version", "1.0.0"},
                             {"kind", "step"},
                             {"abi", "0.2"},
                             {"description", "d"},
                             {"runtime", "exec"},
                             {"interpreter", {"python3", "-I", "-S"}},
                             {"library", library},
                             {"permissions", nlohmann::json::parse(plugin.permissions)}};
  if (!plugin.configuration.empty()) {
    manifest["configuration"] = nlohmann::json::parse(plugin.configuration);
  }
  std::filesystem::create_directories(place);
  for (const auto& [name, content] : files) {
    std::ofstream(place / name) << content;
    manifest["files"][name] = crypto::sha256_hex(content);
  }
  std::ofstream(place / "plugin.json") << manifest.dump();
}

/// The plugin in the store of an agent with the state directory `state`, which takes one that is
/// there before it.
inline void install_plugin(const std::filesystem::path& state, const PythonPlugin& plugin) {
  write_plugin(state / "plugins" / plugin.id / "1.0.0", plugin);
  std::filesystem::permissions(state, std::filesystem::perms::owner_all);
}

}  // namespace ostler::support
