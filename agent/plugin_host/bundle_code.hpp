// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugin_host/box_run.hpp"
#include "plugin_host/bundle.hpp"
#include "plugin_host/library_closure.hpp"

// What runs of a bundle: its plugin, and the libraries that this needs.
namespace ostler::plugin_host {

/// Reads what a box is to map, or to execute, without doing so.
class CodeReader {
 public:
  /// Requires: the manifest outlives it.
  explicit CodeReader(const Manifest& manifest) : manifest_(manifest) {}

  /// Reads one of its files, if that may be code.
  void read(const std::string& name, std::string_view bytes);
  /// Whether the plugin, which was read, needs other files of the bundle.
  bool needs_more() const;
  /// What of the files that were read is code. Appends what makes it unfit, one line each that
  /// begins with the name of the file.
  MappedCode end(std::vector<std::string>& faults) const;

 private:
  const Manifest& manifest_;
  std::optional<BundledLibrary> plugin_;
  std::vector<BundledLibrary> others_;
};

/// Puts sealed copies of the plugin's shared object, or program, and of the libraries that it needs
/// into memory files, and returns their names; files that are left over stay empty. They are what
/// the manifest says. Takes the sizes of the libraries off `bytes_left`.
/// Requires: as many files as memory_files_for_code() makes.
/// Errors: UserFault when the SHA-256 of one is another, it is unfit, or too little is left.
Result<std::vector<std::string>> take_code(const Bundle& bundle, std::span<const int> into,
                                           std::uint64_t& bytes_left);
/// The same into new memory files.
Result<std::vector<CodeFile>> take_code(const Bundle& bundle);

}  // namespace ostler::plugin_host
