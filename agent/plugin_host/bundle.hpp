// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "plugin_host/box_run.hpp"
#include "plugin_host/library_file.hpp"
#include "plugin_host/manifest.hpp"

// A plugin as it lies on a disk: a directory with plugin.json and the files that it lists.
namespace ostler::plugin_host {

struct Bundle {
  std::filesystem::path directory;
  Manifest manifest;
};

/// Reads the manifest at `path`: a directory with one, or the file plugin.json itself.
/// Errors: NotFound; UserFault with every fault, a line each.
Result<Bundle> open_bundle(const std::filesystem::path& path);

/// The directory `<store>/<id>/<version>` of a plugin that is written "id#version", or "id" when
/// the store has one version of it. Errors: NotFound, with what the store has instead.
Result<std::filesystem::path> find_in_store(const std::filesystem::path& store,
                                            const std::string& reference);

/// A sealed copy of the shared object, which is what the manifest says.
/// Errors: UserFault when its SHA-256 is another, or it is no plugin.
Result<UniqueFd> take_library(const Bundle& bundle);

/// All that is wrong with the files of a bundle, one line each, and what its library says.
struct Inspection {
  std::vector<std::string> faults;
  LibraryFile library;
};
Inspection inspect_files(const Bundle& bundle);

}  // namespace ostler::plugin_host
