// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "plugin_host/bundle.hpp"

namespace CLI {
class App;
}

namespace ostler::cli {

/// Which step plugin a command is about.
class PluginPlace {
 public:
  /// Adds the argument PLUGIN and --store.
  void add_to(CLI::App& app);
  /// Errors: as open_bundle and find_in_store.
  Result<plugin_host::Bundle> open() const;

 private:
  std::string plugin_;
  std::string store_;
};

/// The program of a box, beside this one.
Result<std::string> box_program();

/// A directory for one run of a plugin, removed with everything in it when this goes.
class ScratchDirectory {
 public:
  static Result<ScratchDirectory> make();
  ScratchDirectory(ScratchDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchDirectory& operator=(ScratchDirectory&&) = delete;
  ~ScratchDirectory();
  const std::string& path() const { return path_; }

 private:
  explicit ScratchDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace ostler::cli
