// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_place.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "config/agent_config.hpp"
#include "plugin_host/plugin_store.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kAbiHeader = "include/ostler/abi.h";

/// "./hello", "build/hello/plugin.json", "hello.so", "..", as opposed to "hello#1.0.0".
bool is_path(const std::string& plugin) {
  std::error_code error;
  return plugin.starts_with('.') || plugin.find('/') != plugin.npos || plugin.ends_with(".so") ||
         fs::exists(fs::path(plugin) / "plugin.json", error) || plugin == "plugin.json";
}

}  // namespace

void PluginPlace::add_to(CLI::App& app) {
  add_to(app, "The directory with its plugin.json, or ID or ID#VERSION of one in the store");
}

void PluginPlace::add_to(CLI::App& app, const std::string& what) {
  app.add_option("PLUGIN", plugin_, what)->required();
  app.add_option(
      "--store", store_,
      "Directory with plugins as ID/VERSION/plugin.json; without it $OSTLER_PLUGIN_STORE, "
      "else the one of an agent that was told no state-path");
}

Result<plugin_host::Bundle> PluginPlace::open() const {
  if (is_path(plugin_)) return plugin_host::open_bundle(plugin_);
  OSTLER_TRY(const fs::path store, plugin_store(store_));
  OSTLER_TRY(const fs::path directory,
             plugin_host::find_in_store(store, plugin_host::read_step_reference(plugin_)));
  return plugin_host::open_bundle(directory);
}

std::optional<fs::path> PluginPlace::path() const {
  if (!is_path(plugin_)) return std::nullopt;
  return plugin_;
}

std::optional<fs::path> PluginPlace::file() const {
  std::error_code error;
  const auto named = path();
  if (!named || named->filename() == plugin_host::kManifestName) return std::nullopt;
  if (!fs::is_regular_file(*named, error)) return std::nullopt;
  return named;
}

Result<fs::path> standard_plugin_store() {
  const char* named = std::getenv("OSTLER_PLUGIN_STORE");
  if (named != nullptr && *named != '\0') return fs::absolute(named);
  OSTLER_TRY(const fs::path state, config::default_state_path());
  return state / config::kPluginStoreName;
}

std::vector<std::string> plugin_store_flag() {
  const auto store = standard_plugin_store();
  if (!store) return {};
  return {"--plugin-store", store.value().string()};
}

Result<fs::path> plugin_store(const std::string& named) {
  if (named.empty()) return standard_plugin_store();
  return fs::absolute(named);
}

bool has_sdk() {
  const auto is_beneath = [](const char* prefix) {
    std::error_code error;
    return fs::exists(fs::path(prefix) / kAbiHeader, error);
  };
  return !sdk_prefix().empty() || is_beneath("/usr/local") || is_beneath("/usr") ||
         std::getenv("CMAKE_PREFIX_PATH") != nullptr;
}

std::string sdk_prefix() {
  const auto self = own_program();
  if (!self) return {};
  // Of libexec/ostler/ostler-host.
  const fs::path prefix = fs::path(self.value()).parent_path().parent_path().parent_path();
  const bool is_standard = prefix == "/usr" || prefix == "/usr/local";
  std::error_code error;
  if (is_standard || !fs::exists(prefix / kAbiHeader, error)) return {};
  return prefix.string();
}

Result<std::string> own_program() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (error) return Error::from_errno(error.value(), "read /proc/self/exe");
  return self.string();
}

Result<std::string> box_program() {
  OSTLER_TRY(const std::string self, own_program());
  return (fs::path(self).parent_path() / "ostler-box").string();
}

Result<plugin_host::ScratchDirectory> make_scratch_directory() {
  const char* parent = std::getenv("TMPDIR");
  return plugin_host::ScratchDirectory::make(parent == nullptr ? "" : parent);
}

}  // namespace ostler::cli
