// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"

#include <algorithm>

#include "base/nearest_word.hpp"
#include "cli/exit.hpp"
#include "cli/run_functions.hpp"

namespace ostler::cli {
namespace {

constexpr Command kCommands[] = {
    {"run", "Runs a pipeline on this machine, on a hub and an agent of its own", run_run},
    {"agent start", "Takes jobs from a hub and runs them", run_agent_start},
    {"start", "", run_agent_start},
    {"hub", "Runs the control plane: builds, jobs, agents and both APIs", run_hub},
    {"artifact upload", "Uploads files of a job", run_artifact_upload},
    {"artifact download", "Downloads artifacts of a build", run_artifact_download},
    {"job-checkout", "", run_job_checkout},
    {"meta-data", "Sets and reads the meta-data of a build", run_meta_data},
    {"version", "Prints the version", run_version},
    {"help", "Prints this", run_help},
};

constexpr std::string_view kFlags[][2] = {
    {"--version", "version"}, {"-v", "version"}, {"--help", "help"}, {"-h", "help"}};

const Command* command_named(std::string_view name) {
  for (const Command& command : kCommands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::size_t words_in(std::string_view name) { return name.find(' ') == name.npos ? 1 : 2; }

/// ", did you mean ...?" or nothing.
std::string likely_command(std::string_view word) {
  std::vector<std::string_view> names;
  for (const Command& command : kCommands) {
    if (!command.summary.empty()) names.push_back(command.name);
  }
  const std::string_view near = nearest_word(word, names);
  return near.empty() ? "" : ", did you mean \"" + std::string(near) + "\"?";
}

}  // namespace

std::span<const Command> commands() { return kCommands; }

const Command* find_command(std::span<const std::string> words) {
  if (words.size() >= 2) {
    if (const Command* command = command_named(words[0] + " " + words[1])) return command;
  }
  if (words.empty()) return command_named("help");
  for (const auto& [flag, name] : kFlags) {
    if (words[0] == flag) return command_named(name);
  }
  return command_named(words[0]);
}

int run_command(const Arguments& words) {
  const Command* command = find_command(words);
  if (command == nullptr) {
    return refuse("unknown command \"" + words[0] + "\"" + likely_command(words[0]) +
                  "; \"ostler help\" lists them");
  }
  const std::size_t used = std::min(words.size(), words_in(command->name));
  return command->run(Arguments(words.begin() + static_cast<std::ptrdiff_t>(used), words.end()));
}

}  // namespace ostler::cli
