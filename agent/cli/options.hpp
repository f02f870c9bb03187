// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "cli/command.hpp"

namespace CLI {
class App;
}

namespace ostler::cli {

/// Reads `arguments` into the variables bound to `app`. The exit status with which the command
/// ends now: kExitOk after `--help`, kExitRefused after one line on what is wrong. None: go on.
std::optional<int> read_options(CLI::App& app, const Arguments& arguments);

}  // namespace ostler::cli
