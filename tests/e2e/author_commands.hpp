// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "support/child_program.hpp"

namespace ostler::support {

inline std::filesystem::path source_root() { return std::getenv("OSTLER_SOURCE_DIR"); }

inline ProgramResult ostler(std::vector<std::string> words) {
  words.insert(words.begin(), ostler_program());
  return run_program(words);
}

}  // namespace ostler::support
