// SPDX-License-Identifier: Apache-2.0
#include "cli/person_directories.hpp"

#include <cstdlib>

namespace ostler::cli {
namespace {

namespace fs = std::filesystem;

/// The directory that `variable` names, else `fallback` beneath the home directory.
fs::path base_directory(const char* variable, const char* fallback) {
  const char* named = std::getenv(variable);
  if (named != nullptr && *named == '/') return named;
  const char* home = std::getenv("HOME");
  return fs::path(home != nullptr && *home == '/' ? home : "/var/lib") / fallback;
}

}  // namespace

fs::path state_home() { return base_directory("XDG_STATE_HOME", ".local/state") / "ostler"; }

fs::path client_file_path() {
  return base_directory("XDG_CONFIG_HOME", ".config") / "ostler/client.json";
}

}  // namespace ostler::cli
