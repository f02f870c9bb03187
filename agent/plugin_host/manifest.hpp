// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin_host/json_value.hpp"
#include "plugin_host/permissions.hpp"

namespace ostler::plugin_host {

/// The file plugin.json of a plugin.
struct Manifest {
  std::string id;
  std::string version;
  std::string description;
  std::string library;                   ///< file name of the shared object, or of the program
  bool is_program = false;               ///< a file that is executed, no shared object
  std::vector<std::string> interpreter;  ///< that executes it, and arguments; empty: itself
  std::vector<std::pair<std::string, std::string>> files;  ///< name, SHA-256 in hex; sorted
  Permissions permissions;
  std::optional<JsonValue> schema;  ///< of the configuration; none: the step takes none

  std::string reference() const { return id + "#" + version; }
  /// Empty when it is not listed.
  std::string sha256_of(std::string_view file) const;
};

/// Whether a plugin can have that name: [a-z][a-z0-9-]*, at most 64 bytes.
bool is_plugin_id(const std::string& text);

/// None when it has faults, all of which are appended, one line each.
std::optional<Manifest> read_manifest(std::string_view text, std::vector<std::string>& faults);

}  // namespace ostler::plugin_host
