// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ostler::plugin_host {

/// What a shared object says about itself, read without mapping it.
struct LibraryFile {
  std::vector<std::string> exported;  ///< symbols that others can see
  std::vector<std::string> needed;    ///< libraries that it loads
  std::string soname;                 ///< by which others need it; empty: it has none
  std::string least_glibc;            ///< "2.34"; empty: any
  std::string search_path;            ///< where it looks for libraries; empty: nowhere of its own
  bool has_text_relocations = false;  ///< it writes into its code when it is mapped
  bool has_executable_stack = false;
  std::size_t static_tls = 0;  ///< bytes of thread-local memory that it wants at once
};

/// Reads a 64-bit shared object of this machine's kind, and appends what keeps it from being one,
/// one line each. See library_closure.hpp for whether it is fit to be a plugin.
LibraryFile read_library(std::string_view bytes, std::vector<std::string>& faults);

/// Reads a program, static or not, and appends what makes it unfit as a plugin by itself.
LibraryFile read_program(std::string_view bytes, std::vector<std::string>& faults);

}  // namespace ostler::plugin_host
