// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "plugin_host/bundle.hpp"

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

/// Who has signed a plugin.
std::string publisher_json(const std::string& reference, const std::string& publisher);

}  // namespace ostler::cli
