// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <string>

#include "cli/exit.hpp"
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

bool is_of_group(std::string_view name, std::string_view group) {
  if (group.empty() || name == group) return true;
  return name.starts_with(group) && name.substr(group.size()).starts_with(' ');
}

/// The lines of the commands of `group`, of all when it is empty.
std::string lines_of(std::span<const Command> table, std::string_view group) {
  const std::size_t width = longest_name();
  std::string text;
  for (const Command& command : table) {
    if (command.summary.empty() || !is_of_group(command.name, group)) continue;
    text.append("  ").append(command.name).append(width + 2 - command.name.size(), ' ');
    text.append(command.summary).append("\n");
  }
  return text;
}

}  // namespace

int run_help(const Arguments& words) {
  const std::string group = words.empty() ? "" : words[0];
  const std::string ours = lines_of(commands(), group);
  const std::string of_jobs = lines_of(job_commands(), group);
  if (ours.empty() && of_jobs.empty()) {
    return refuse("help: there is no command \"" + group + "\"; \"ostler help\" lists them");
  }
  std::string text =
      "Usage: ostler " + (group.empty() ? "COMMAND" : group + " ...") + " [options]\n\n";
  text += ours;
  if (!of_jobs.empty()) text += (ours.empty() ? "Inside a job:\n\n" : "\nInside a job also:\n\n");
  text += of_jobs + "\n\"ostler COMMAND --help\" tells a command's options.\n";
  std::fputs(text.c_str(), stdout);
  return kExitOk;
}

}  // namespace ostler::cli
