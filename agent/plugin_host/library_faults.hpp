// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "plugin_host/library_file.hpp"

namespace ostler::plugin_host {

/// Appends what makes a shared object unfit as a plugin, one line each.
void judge_library(const LibraryFile& library, std::vector<std::string>& faults);
/// The same of a program.
void judge_program(const LibraryFile& program, std::vector<std::string>& faults);

}  // namespace ostler::plugin_host
