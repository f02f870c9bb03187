// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"

#include "base/nearest_word.hpp"
#include "cli/exit.hpp"
#include "cli/job_commands.hpp"
#include "cli/run_functions.hpp"
#include "cli/run_with_server.hpp"

namespace ostler::cli {
namespace {

constexpr Command kCommands[] = {
    {"up", "Makes this machine a CI system: a hub, and an agent that takes its jobs", run_up},
    {"down", "Ends what \"ostler up\" runs", run_down},
    {"run", "Runs a pipeline on this machine, on a hub and an agent of its own", run_run},
    {"agent start", "Takes jobs from a hub and runs them", run_agent_start},
    {"start", "", run_agent_start},
    {"agent list", "Shows what the agent of this machine does", run_agent_list},
    {"agent pause", "Lets the agent of this machine take no more jobs", run_agent_pause},
    {"agent resume", "Lets it take jobs again", run_agent_resume},
    {"agent stop", "Ends it once its jobs are over, or with --force now", run_agent_stop},
    {"agent detach", "Ends it at once and leaves its jobs running", run_agent_detach},
    {"hub", "Runs the control plane: builds, jobs, agents and both APIs", run_hub},
    {"hub backup", "Copies the data of a hub, which may be running", run_hub_backup},
    {"hub restore", "Makes the data of a hub from a backup", run_hub_restore},
    {"hub check", "Checks the data of a hub, or a backup", run_hub_check},
    {"artifact upload", "Uploads files of a job", artifact_upload},
    {"artifact download", "Downloads artifacts of a build", artifact_download},
    {"artifact search", "Prints which artifacts of a build match", artifact_search},
    {"artifact shasum", "Prints the checksum of an artifact", artifact_shasum},
    {"pipeline upload", "Adds steps to the build of a job", pipeline_upload},
    {"job-checkout", "", run_job_checkout},
    {"login", "Makes commands speak to a hub", run_login},
    {"whoami", "Says which hub commands speak to, and as whom", run_whoami},
    {"version", "Prints the version", run_version},
    {"help", "Prints this", run_help},
};

constexpr std::string_view kFlags[][2] = {
    {"--version", "version"}, {"-v", "version"}, {"--help", "help"}, {"-h", "help"}};

const Command* command_named_by(const Arguments& words) {
  if (const Command* command = find_command(kCommands, words)) return command;
  return find_command(job_commands(), words);
}

std::vector<std::string_view> listed_names() {
  std::vector<std::string_view> names;
  for (const auto table : {commands(), job_commands()}) {
    for (const Command& command : table) {
      if (!command.summary.empty()) names.push_back(command.name);
    }
  }
  return names;
}

/// "say set, get or keys", when `word` begins the names of some commands.
std::string second_words(std::string_view word) {
  std::vector<std::string_view> seconds;
  for (const std::string_view name : listed_names()) {
    if (name.starts_with(word) && name.substr(word.size()).starts_with(' ')) {
      seconds.push_back(name.substr(word.size() + 1));
    }
  }
  std::string text;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    text.append(i == 0 ? "say " : i + 1 == seconds.size() ? " or " : ", ").append(seconds[i]);
  }
  return text;
}

int refuse_unknown(const Arguments& words) {
  if (const std::string seconds = second_words(words[0]); !seconds.empty()) {
    return refuse(words[0] + ": " + seconds + "; \"ostler help\" lists every command");
  }
  const std::string_view near = nearest_word(words[0], listed_names());
  const std::string likely = near.empty() ? "" : ", did you mean \"" + std::string(near) + "\"?";
  return refuse("unknown command \"" + words[0] + "\"" + likely + "; \"ostler help\" lists them");
}

}  // namespace

std::span<const Command> commands() { return kCommands; }

int run_command(const Arguments& words) {
  if (words.empty()) return run_help(words);
  for (const auto& [flag, name] : kFlags) {
    if (words[0] == flag) return run_command({std::string(name)});
  }
  const Command* command = command_named_by(words);
  if (command == nullptr) return refuse_unknown(words);
  Arguments arguments = words_after(*command, words);
  if (const auto* alone = std::get_if<RunAlone>(&command->run)) return (*alone)(arguments);
  return run_with_server(std::get<RunWithServer>(command->run), std::move(arguments));
}

}  // namespace ostler::cli
