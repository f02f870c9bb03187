// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "plugin_host/library_file.hpp"

namespace ostler::plugin_host {

/// A shared object of a bundle, as far as it could be read.
struct BundledLibrary {
  std::string name;  ///< of its file
  LibraryFile file;
  std::vector<std::string> faults;  ///< that keep it from being a shared object
};

/// What is mapped of a bundle.
struct MappedCode {
  /// File names: the plugin, then the libraries that it needs, each before those that it needs
  /// itself. So they are mapped from the last to the first.
  std::vector<std::string> names;
  std::string least_glibc;  ///< "2.34"; empty: any
};

/// Finds what a plugin needs among the other shared objects of its bundle: by their DT_SONAME, for
/// that is how the loader knows what has been mapped. Appends what makes any of these unfit, one
/// line each that begins with the name of the file.
MappedCode close_over(const BundledLibrary& plugin, const std::vector<BundledLibrary>& others,
                      std::vector<std::string>& faults);

}  // namespace ostler::plugin_host
