// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "plugin_host/manifest.hpp"
#include "plugin_host/sealed_copy.hpp"

// A plugin as it lies on a disk: a directory with plugin.json and the files that it lists.
namespace ostler::plugin_host {

inline constexpr const char* kManifestName = "plugin.json";
inline constexpr const char* kSignatureName = "plugin.json.sig";
inline constexpr std::size_t kLongestManifest = 1u << 20;   // bytes
inline constexpr std::size_t kLongestSignature = 1u << 10;  // bytes

struct Bundle {
  std::filesystem::path directory;
  std::string text;       ///< of plugin.json
  std::string sha256;     ///< of plugin.json, in hex
  std::string signature;  ///< text of plugin.json.sig; empty: there is none
  Manifest manifest;
};

/// Reads the manifest at `path`: a directory with one, the file plugin.json itself, or the library
/// that it names. Errors: NotFound; UserFault with every fault, a line each.
Result<Bundle> open_bundle(const std::filesystem::path& path);
/// The path itself, or where that file lies.
std::filesystem::path directory_of(const std::filesystem::path& path);
/// The same from the text of plugin.json, without a signature. Errors: UserFault.
Result<Bundle> read_bundle(const std::filesystem::path& directory, std::string text);

/// What the resources and libraries of all plugins of a step may have together: they lie in memory
/// at once.
inline constexpr std::uint64_t kMostResourceBytes = std::uint64_t{256} << 20;

/// Puts the resources, which are all files of the manifest but those that take_code has taken, into
/// a memory file, one after the other, and seals it; takes their sizes off `bytes_left`. They are
/// what the manifest says.
/// Errors: UserFault, with the name of one that is not, or no file of its own, or for which too
/// little is left; then `into` is empty.
Result<std::vector<Resource>> take_resources(const Bundle& bundle, int into,
                                             std::uint64_t& bytes_left,
                                             const std::vector<std::string>& code);

/// All that is wrong with the files of a bundle, one line each, and what its code says.
struct Inspection {
  std::vector<std::string> faults;
  std::string least_glibc;  ///< "2.34"; empty: any
};
Inspection inspect_files(const Bundle& bundle);
/// Errors: UserFault, with all that inspect_files finds.
Result<void> check_files(const Bundle& bundle);
/// The error for a plugin with faults, which are not empty.
Error faulty(const Manifest& manifest, const std::vector<std::string>& faults);
/// What is wrong with a shared object, whatever manifest names it.
std::vector<std::string> faults_of_library(const std::filesystem::path& file);
/// What else is wrong where open_bundle has failed: with each shared object that lies there.
std::vector<std::string> faults_of_libraries(const std::filesystem::path& path);

}  // namespace ostler::plugin_host
