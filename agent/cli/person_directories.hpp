// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace ostler::cli {

/// Where this person's hub and agent keep their data: $XDG_STATE_HOME/ostler, else
/// ~/.local/state/ostler.
std::filesystem::path state_home();

/// The file that says which hub this person's commands speak to:
/// $XDG_CONFIG_HOME/ostler/client.json, else ~/.config/ostler/client.json.
std::filesystem::path client_file_path();

}  // namespace ostler::cli
