// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>

#include "cli/exit.hpp"
#include "cli/job_commands.hpp"
#include "cli/options.hpp"
#include "cli/run_functions.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kFirstSteps =
    "\nFirst steps, in a git repository with a pipeline.yml:\n"
    "  ostler run pipeline.yml                             runs it here and keeps nothing\n"
    "  ostler up --detach                                  starts a hub and an agent here\n"
    "  ostler pipeline create hello --repository \"$PWD\" --file pipeline.yml\n"
    "  ostler build create --pipeline hello --watch        builds what is committed\n"
    "  ostler build log hello/1                            prints what it said\n";

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

int print_commands(const std::string& group) {
  const std::string ours = lines_of(commands(), group);
  const std::string of_jobs = lines_of(job_commands(), group);
  if (ours.empty() && of_jobs.empty()) {
    return refuse("help: there is no command \"" + group + "\"; \"ostler help\" lists them");
  }
  std::string text =
      "Usage: ostler " + (group.empty() ? "COMMAND" : group + " ...") + " [options]\n\n";
  text += ours;
  if (!of_jobs.empty()) text += (ours.empty() ? "Inside a job:\n\n" : "\nInside a job also:\n\n");
  text += of_jobs + (group.empty() ? kFirstSteps : "");
  text += "\n\"ostler COMMAND --help\" tells a command's options, with examples.\n";
  std::fputs(text.c_str(), stdout);
  return kExitOk;
}

}  // namespace

int run_help(const Arguments& arguments) {
  std::vector<std::string> words;
  CLI::App app("Lists commands, or prints what one does and its options", "help");
  app.add_option("COMMAND", words, "The first word of some commands, or both words of one")
      ->expected(0, 2);
  app.footer(
      "Examples:\n"
      "  ostler help\n"
      "  ostler help build\n"
      "  ostler help build show     the same as ostler build show --help\n");
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (words.size() == 2) return run_command({words[0], words[1], "--help"});
  return print_commands(words.empty() ? "" : words[0]);
}

}  // namespace ostler::cli
