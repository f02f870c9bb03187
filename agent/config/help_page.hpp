// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace ostler::config {

/// What `--help` prints: `name` stands before the command's own. Parts are one empty line apart,
/// where the parser leaves two around hidden options and texts that end their line.
std::string help_page(const CLI::App& app, const std::string& name = "");

}  // namespace ostler::config
