// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_place.hpp"

#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>

#include "files/remove_tree.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;

namespace {

fs::path standard_store() {
  const char* data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && *data != '\0') return fs::path(data) / "ostler/plugins";
  const char* home = std::getenv("HOME");
  return fs::path(home == nullptr ? "." : home) / ".local/share/ostler/plugins";
}

/// "./hello", "build/hello/plugin.json", as opposed to "hello#1.0.0".
bool is_path(const std::string& plugin) {
  std::error_code error;
  return plugin.find('/') != plugin.npos || fs::exists(fs::path(plugin) / "plugin.json", error) ||
         plugin == "plugin.json";
}

}  // namespace

void PluginPlace::add_to(CLI::App& app) {
  app.add_option("PLUGIN", plugin_,
                 "The directory with its plugin.json, or ID or ID#VERSION of one in the store")
      ->required();
  app.add_option("--store", store_,
                 "Directory with plugins as ID/VERSION/plugin.json; without it "
                 "$XDG_DATA_HOME/ostler/plugins")
      ->envname("OSTLER_STEP_PLUGINS_PATH");
}

Result<plugin_host::Bundle> PluginPlace::open() const {
  if (is_path(plugin_)) return plugin_host::open_bundle(plugin_);
  const fs::path store = store_.empty() ? standard_store() : fs::path(store_);
  OSTLER_TRY(const fs::path directory, plugin_host::find_in_store(store, plugin_));
  return plugin_host::open_bundle(directory);
}

Result<std::string> box_program() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (error) return Error::from_errno(error.value(), "read /proc/self/exe");
  return (self.parent_path() / "ostler-box").string();
}

Result<ScratchDirectory> ScratchDirectory::make() {
  const char* parent = std::getenv("TMPDIR");
  std::string path =
      (parent == nullptr || *parent == '\0' ? "/tmp" : std::string(parent)) + "/ostler-step-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr)
    return Error::from_errno(errno, "make a directory " + path);
  return ScratchDirectory(fs::canonical(path).string());
}

ScratchDirectory::~ScratchDirectory() {
  if (path_.empty()) return;
  [[maybe_unused]] const auto done = files::remove_tree(path_);
}

}  // namespace ostler::cli
