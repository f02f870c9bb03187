// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "supervise/box_message.hpp"

namespace ostler::plugin_host {

/// What executes the file of a plugin.
struct Interpreter {
  std::vector<std::string> command;  ///< absolute path, arguments; empty: the file itself
  supervise::Pairs paths;            ///< what it needs of the system to begin
};

/// Finds the program of a manifest: a name on the system's own path, or an absolute path. What is
/// in PREFIX/bin may read PREFIX/lib and PREFIX/lib64; any other, nothing beside itself. No words:
/// what executes itself, with the loader of this system where it wants one.
/// Errors: NotFound, Denied; UserFault when it is no file.
Result<Interpreter> find_interpreter(const std::vector<std::string>& words);

}  // namespace ostler::plugin_host
