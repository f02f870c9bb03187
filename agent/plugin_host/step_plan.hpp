// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugin_host/json_value.hpp"

namespace ostler::plugin_host {

enum class WorkspaceAccess { None, Read, Write };

/// The programs outside its box that a plugin may run.
enum class CommandProfile {
  None,
  Host,      ///< with all rights of the agent's user, as a hook
  Workspace  ///< held to the workspace, the scratch directory and the programs of the system
};

/// "none", "host", "workspace": as in a manifest.
std::string_view to_string(CommandProfile profile);

/// A file of a plugin beside what is mapped.
struct Resource {
  std::string name;
  std::uint64_t size = 0;
};

/// A plugin needs at most so many libraries of its bundle.
inline constexpr std::size_t kMostLibraries = 16;

/// A step plugin of a job that has been found, allowed and configured: all that a run needs but the
/// shared objects themselves and the resources, which are handed over in memory files.
struct PlannedStep {
  std::string id;
  std::string version;
  std::string library;                        ///< file name of the shared object, or of the program
  bool is_program = false;                    ///< it is executed, not mapped
  std::vector<std::string> interpreter = {};  ///< that executes it, and arguments; empty: itself
  /// File names of what it needs of its bundle, each before those that it needs itself.
  std::vector<std::string> libraries = {};
  std::vector<Resource> resources = {};  ///< in the order in which they were handed over
  bool network = false;
  CommandProfile commands = CommandProfile::None;
  std::vector<std::string> system_paths = {};  ///< that commands of the profile workspace may read
  WorkspaceAccess workspace = WorkspaceAccess::None;
  bool host_directory = false;                ///< it keeps files for later jobs
  std::vector<std::string> services = {};     ///< beyond those of every plugin: "meta-data"
  std::vector<std::string> secrets = {};      ///< names of those that it may read
  std::vector<std::string> secrets_put = {};  ///< names of those that it may set
  std::vector<std::string> hosts = {};        ///< that it may ask by HTTP; see http_permission.hpp
  JsonValue config;                           ///< complete and valid

  std::string reference() const { return id + "#" + version; }
};

/// From the process that makes a plan to the one that carries it out.
std::string encode_plan(const std::vector<PlannedStep>& steps);
/// Errors: Protocol when it is not what encode_plan writes.
Result<std::vector<PlannedStep>> decode_plan(std::string_view text);

}  // namespace ostler::plugin_host
