// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugin_host/library_file.hpp"

namespace ostler::plugin_host {

/// Whether each machine that Ostler runs on has the library of that DT_SONAME.
bool is_everywhere(std::string_view soname);

/// Whether it is, or would be, a plugin itself.
bool exports_entry(const LibraryFile& library);

/// What it may want at once of thread-local memory, in bytes; with its libraries.
inline constexpr std::size_t kMostStaticTls = 1024;

/// Appends what makes a shared object unfit to be mapped by a box, one line each; what it needs is
/// not looked at.
void judge_library(const LibraryFile& library, std::vector<std::string>& faults);
/// What it exports, when it is the plugin itself.
void judge_exports(const LibraryFile& plugin, std::vector<std::string>& faults);
/// Appends what makes a program unfit as a plugin.
void judge_program(const LibraryFile& program, std::vector<std::string>& faults);

}  // namespace ostler::plugin_host
