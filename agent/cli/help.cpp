// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <string>

#include "cli/run_functions.hpp"

namespace ostler::cli {

int run_help(const Arguments&) {
  std::size_t width = 0;
  for (const Command& command : commands()) width = std::max(width, command.name.size());
  std::string text = "Usage: ostler COMMAND [options]\n\n";
  for (const Command& command : commands()) {
    if (command.summary.empty()) continue;
    text.append("  ").append(command.name).append(width + 2 - command.name.size(), ' ');
    text.append(command.summary).append("\n");
  }
  text += "\n\"ostler COMMAND --help\" tells a command's options.\n";
  std::fputs(text.c_str(), stdout);
  return kExitOk;
}

}  // namespace ostler::cli
