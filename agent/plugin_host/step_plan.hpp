// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin_host/json_value.hpp"

namespace ostler::plugin_host {

enum class WorkspaceAccess { None, Read, Write };

/// A step plugin of a job that has been found, allowed and configured: all that a run needs but the
/// shared object itself, which is handed over in a memory file.
struct PlannedStep {
  std::string id;
  std::string version;
  std::string library;  ///< file name of the shared object, or of what the interpreter runs
  std::vector<std::string> interpreter = {};  ///< program and arguments; empty: none
  bool network = false;
  bool commands = false;  ///< may have programs run outside its box
  WorkspaceAccess workspace = WorkspaceAccess::None;
  std::vector<std::string> services = {};  ///< beyond those of every plugin: "meta-data"
  std::vector<std::string> secrets = {};   ///< names of those that it may read
  std::vector<std::string> hosts = {};     ///< that it may ask by HTTP; see http_permission.hpp
  JsonValue config;                        ///< complete and valid

  std::string reference() const { return id + "#" + version; }
};

/// From the process that makes a plan to the one that carries it out.
std::string encode_plan(const std::vector<PlannedStep>& steps);
/// Errors: Protocol when it is not what encode_plan writes.
Result<std::vector<PlannedStep>> decode_plan(std::string_view text);

}  // namespace ostler::plugin_host
