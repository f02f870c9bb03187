// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "plugin_host/bundle.hpp"
#include "plugin_host/lock_file.hpp"

// Step plugins for programs: what `--json` prints of them.
namespace ostler::cli {

/// What a plugin is and where it lies: an object, its manifest as it was written.
std::string plugin_json(const plugin_host::Bundle& bundle);

/// One that cannot be read, in the place of such an object.
std::string unread_plugin_json(const std::string& id, const std::string& version,
                               const std::string& fault);

/// The faults that `plugin check` found; `reference` is empty of one whose manifest tells none.
std::string plugin_faults_json(const std::string& reference,
                               const std::vector<std::string>& faults);

/// What `plugin install` did: what the plugin is, where it lies now and who signed it.
struct InstalledPlugin {
  const plugin_host::Bundle& bundle;
  std::filesystem::path directory;  ///< in the store
  bool is_new = false;              ///< false: just that was there
  std::string publisher{};          ///< whose signature was checked; empty: none was
};
std::string installed_plugin_json(const InstalledPlugin& installed);

/// What `plugin lock` did: the pins that `file` has now, and those that it lost.
std::string locked_plugins_json(const std::filesystem::path& file,
                                const std::vector<plugin_host::LockedPlugin>& pins,
                                const std::vector<plugin_host::LockedPlugin>& removed);

/// Who has signed a plugin.
std::string publisher_json(const std::string& reference, const std::string& publisher);

}  // namespace ostler::cli
