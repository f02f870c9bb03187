// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"

#include <algorithm>

#include "base/nearest_word.hpp"
#include "cli/build_commands.hpp"
#include "cli/exit.hpp"
#include "cli/job_commands.hpp"
#include "cli/plugin_unpublish.hpp"
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
    {"agent list", "Shows what the agent of this machine does, or --hub all agents",
     run_agent_list},
    {"agent show", "Shows an agent of the hub", run_agent_show},
    {"agent pause", "Lets the agent of this machine take no more jobs", run_agent_pause},
    {"agent resume", "Lets it take jobs again", run_agent_resume},
    {"agent stop", "Ends it once its jobs are over, or with --force now", run_agent_stop},
    {"agent detach", "Ends it at once and leaves its jobs running", run_agent_detach},
    {"hub", "Runs the control plane: builds, jobs, agents and both APIs", run_hub},
    {"hub backup", "Copies the data of a hub, which may be running", run_hub_backup},
    {"hub restore", "Makes the data of a hub from a backup", run_hub_restore},
    {"hub check", "Checks the data of a hub, or a backup", run_hub_check},
    {"artifact upload", "Uploads files of a job", artifact_upload},
    {"artifact list", "Lists the artifacts of a build", run_artifact_list},
    {"artifact download", "Downloads artifacts of a build", run_artifact_download},
    {"artifact search", "Prints which artifacts of a build match", artifact_search},
    {"artifact shasum", "Prints the checksum of an artifact", artifact_shasum},
    {"build create", "Makes a build", run_build_create},
    {"build cancel", "Cancels a build", run_build_cancel},
    {"build list", "Lists builds", run_build_list},
    {"build show", "Shows a build, why it failed, and what its jobs wait for", run_build_show},
    {"build watch", "Tells what changes in a build until it is over", run_build_watch},
    {"build open", "Opens the page of a build in a browser", run_build_open},
    {"build log", "Prints the logs of a build", run_build_log},
    {"build rebuild", "Makes a build once more: same commit, branch, message, env",
     run_build_rebuild},
    {"build retry", "Runs the jobs of a build that failed once more", run_build_retry},
    {"job retry", "Runs a job that failed once more", run_job_retry},
    {"job unblock", "Opens a block or an input that waits for a person", run_job_unblock},
    {"job log", "Prints the log of a job", run_job_log},
    {"job why", "Says why jobs do not run", run_job_why},
    {"job events", "Prints what the steps of a job have come to", run_job_events},
    {"job cancel", "Cancels one job", run_job_cancel},
    {"job env", "Prints the environment of a job", run_job_env},
    {"job shell-command", "Prints a script that runs the command of a job", run_job_shell_command},
    {"annotation list", "Prints the annotations of a build", run_annotation_list},
    {"pipeline create", "Makes a pipeline on a hub", run_pipeline_create},
    {"pipeline list", "Lists pipelines", run_pipeline_list},
    {"pipeline show", "Shows a pipeline and its configuration", run_pipeline_show},
    {"pipeline update", "Changes one", run_pipeline_update},
    {"pipeline archive", "Puts one away: it keeps its builds and gets no new ones",
     run_pipeline_archive},
    {"pipeline unarchive", "Takes one back", run_pipeline_unarchive},
    {"pipeline delete", "Deletes one with all its builds", run_pipeline_delete},
    {"pipeline lint", "Says what is wrong with pipeline files", run_pipeline_lint},
    {"pipeline convert-to-json", "Prints pipeline files as JSON", run_pipeline_convert_to_json},
    {"pipeline upload", "Adds steps to the build of a job", pipeline_upload},
    {"plugin dev", "Builds, checks and runs a step plugin, again on every change", run_plugin_dev},
    {"plugin new", "Makes a step plugin that builds and runs as it is", run_plugin_new},
    {"plugin run", "Runs one step plugin here, outside any build", run_plugin_run},
    {"plugin test", "Runs its cases and compares what it does", run_plugin_test},
    {"plugin show", "Shows a step plugin and its configuration", run_plugin_show},
    {"plugin list", "Lists the step plugins that are installed", run_plugin_list},
    {"plugin install", "Installs one for the agents of this machine", run_plugin_install},
    {"plugin remove", "Removes one", run_plugin_remove},
    {"plugin publish", "Puts one on the hub, for all of its agents", run_plugin_publish},
    {"plugin unpublish", "Takes one off the hub", run_plugin_unpublish},
    {"plugin lock", "Pins the step plugins of a repository", run_plugin_lock},
    {"plugin schema", "Prints a JSON Schema of pipeline files for editors", run_plugin_schema},
    {"plugin sign", "Signs a step plugin with the key of its publisher", run_plugin_sign},
    {"plugin verify", "Says whether a publisher has signed a step plugin", run_plugin_verify},
    {"plugin check", "Says what is wrong with a step plugin", run_plugin_check},
    {"job-artifacts", "", run_job_artifacts},
    {"job-cache", "", run_job_cache},
    {"job-checkout", "", run_job_checkout},
    {"job-http", "", run_job_http},
    {"job-plugins", "", run_job_plugins},
    {"job-report", "", run_job_report},
    {"list-branches", "", run_list_branches},
    {"service list", "Shows programs that go on after the jobs which started them",
     run_service_list},
    {"service show", "Shows all that is known of one", run_service_show},
    {"service log", "Prints what one has printed", run_service_log},
    {"service stop", "Ends one", run_service_stop},
    {"queue list", "Shows the queues in which jobs wait for agents", run_queue_list},
    {"queue create", "Makes a queue", run_queue_create},
    {"queue update", "Changes one", run_queue_update},
    {"queue pause", "Gives no more of its jobs to agents", run_queue_pause},
    {"queue resume", "Gives them to agents again", run_queue_resume},
    {"queue delete", "Deletes a queue that nobody needs", run_queue_delete},
    {"token create", "Makes a token with which agents join, and prints it", run_token_create},
    {"token list", "Shows these tokens, but not their texts", run_token_list},
    {"token revoke", "Makes one worthless", run_token_revoke},
    {"secret set", "Makes or changes a secret that jobs may read", run_secret_set},
    {"secret list", "Lists these secrets, but not their values", run_secret_list},
    {"secret delete", "Deletes one", run_secret_delete},
    {"login", "Makes commands speak to a hub", run_login},
    {"whoami", "Says which hub commands speak to, and as whom", run_whoami},
    {"doctor", "Says what on this machine will hurt, and how to mend it", run_doctor},
    {"completion", "Prints a script that completes words: bash, zsh or fish", run_completion},
    {"complete", "", run_complete},
    {"version", "Prints the version", run_version},
    {"help", "Prints this, or what one command does", run_help},
};

constexpr std::string_view kFlagCommands[][2] = {
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

/// What follows `word` in the names of commands, each once.
std::vector<std::string_view> second_words(std::string_view word) {
  std::vector<std::string_view> seconds;
  for (const std::string_view name : listed_names()) {
    if (name.starts_with(word) && name.substr(word.size()).starts_with(' ')) {
      const std::string_view second = name.substr(word.size() + 1);
      if (std::ranges::find(seconds, second) == seconds.end()) seconds.push_back(second);
    }
  }
  return seconds;
}

/// "say set, get or keys"
std::string words_for(const std::vector<std::string_view>& seconds) {
  std::string text;
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    text.append(i == 0 ? "say " : i + 1 == seconds.size() ? " or " : ", ").append(seconds[i]);
  }
  return text;
}

/// "build show", when `words` begin with build shwo; else empty.
std::string likely_command(const Arguments& words) {
  if (words.size() < 2) return "";
  const std::string_view near = nearest_word(words[1], second_words(words[0]));
  return near.empty() ? "" : words[0] + " " + std::string(near);
}

/// As in `ostler build --help`.
bool asks_about_group(const Arguments& words) {
  const bool asks = words.size() == 2 && (words[1] == "--help" || words[1] == "-h");
  return asks && !second_words(words[0]).empty();
}

int refuse_unknown(const Arguments& words) {
  if (const std::string likely = likely_command(words); !likely.empty()) {
    return refuse("unknown command \"" + words[0] + " " + words[1] + "\", did you mean \"" +
                  likely + "\"?; \"ostler help " + words[0] + "\" lists them");
  }
  if (const auto seconds = second_words(words[0]); !seconds.empty()) {
    return refuse(words[0] + ": " + words_for(seconds) + "; \"ostler help\" lists every command");
  }
  auto names = listed_names();
  for (const std::string_view name : listed_names())
    names.push_back(name.substr(0, name.find(' ')));
  const std::string_view near = nearest_word(words[0], names);
  const std::string likely = near.empty() ? "" : ", did you mean \"" + std::string(near) + "\"?";
  return refuse("unknown command \"" + words[0] + "\"" + likely + "; \"ostler help\" lists them");
}

}  // namespace

std::span<const Command> commands() { return kCommands; }

int run_command(const Arguments& words) {
  if (words.empty()) return run_help(words);
  for (const auto& [flag, name] : kFlagCommands) {
    if (words[0] == flag) return run_command({std::string(name)});
  }
  const Command* command = command_named_by(words);
  if (command == nullptr && asks_about_group(words)) return run_help({words[0]});
  const bool is_group_too = command != nullptr && command->name == words[0];
  if (command == nullptr || (is_group_too && !likely_command(words).empty())) {
    return refuse_unknown(words);
  }
  Arguments arguments = words_after(*command, words);
  if (const auto* alone = std::get_if<RunAlone>(&command->run)) return (*alone)(arguments);
  return run_with_server(std::get<RunWithServer>(command->run), std::move(arguments));
}

}  // namespace ostler::cli
