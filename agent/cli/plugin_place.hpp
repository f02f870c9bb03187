// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "plugin_host/bundle.hpp"
#include "plugin_host/scratch_directory.hpp"

namespace CLI {
class App;
}

namespace ostler::cli {

/// Which step plugin a command is about.
class PluginPlace {
 public:
  /// Adds the argument PLUGIN and --store.
  void add_to(CLI::App& app);
  /// The same, with what PLUGIN may be.
  void add_to(CLI::App& app, const std::string& what);
  /// Errors: as open_bundle and find_in_store.
  Result<plugin_host::Bundle> open() const;
  /// Where it lies, when it was named by that.
  std::optional<std::filesystem::path> path() const;
  /// The file that was named; none when it was a directory or a manifest.
  std::optional<std::filesystem::path> file() const;

 private:
  std::string plugin_;
  std::string store_;
};

/// The store that OSTLER_PLUGIN_STORE names, else that of an agent that was told no state-path.
Result<std::filesystem::path> standard_plugin_store();
/// The words that give an agent that store, none where there is none.
std::vector<std::string> plugin_store_flag();
/// What --store says of itself.
inline constexpr const char* kPluginStoreHelp =
    "Directory of plugins; without it $OSTLER_PLUGIN_STORE, else the one of an agent that was told "
    "no state-path";
/// The directory that --store names, or the standard one.
Result<std::filesystem::path> plugin_store(const std::string& named);

/// Where the SDK lies beside this program, when CMake does not look there by itself; else empty.
std::string sdk_prefix();

/// Whether CMake will find the SDK: beside this program, where it looks by itself, or where it was
/// told to look.
bool has_sdk();

/// The path of this program.
Result<std::string> own_program();

/// The program of a box, beside this one.
Result<std::string> box_program();

/// A directory for one run of a plugin, where temporary files go.
Result<plugin_host::ScratchDirectory> make_scratch_directory();

}  // namespace ostler::cli
