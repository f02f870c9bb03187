// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <string>

#include "cli/job_commands.hpp"
#include "cli/run_functions.hpp"

namespace ostler::cli {
namespace {

std::size_t longest_name() {
  std::size_t width = 0;
  for (const auto table : {commands(), job_commands()}) {
    for (const Command& command : table) width = std::max(width, command.name.size());
  }
  return width;
}

void append(std::string& text, std::span<const Command> table, std::size_t width) {
  for (const Command& command : table) {
    if (command.summary.empty()) continue;
    text.append("  ").append(command.name).append(width + 2 - command.name.size(), ' ');
    text.append(command.summary).append("\n");
  }
}

}  // namespace

int run_help(const Arguments&) {
  const std::size_t width = longest_name();
  std::string text = "Usage: ostler COMMAND [options]\n\n";
  append(text, commands(), width);
  text += "\nInside a job also:\n\n";
  append(text, job_commands(), width);
  text += "\n\"ostler COMMAND --help\" tells a command's options.\n";
  std::fputs(text.c_str(), stdout);
  return kExitOk;
}

}  // namespace ostler::cli
