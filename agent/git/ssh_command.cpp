// SPDX-License-Identifier: Apache-2.0
#include "git/ssh_command.hpp"

#include <cstdlib>

#include "process/spawn.hpp"

namespace ostler::git {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string first_word(const std::string& text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(begin, text.find_first_of(" \t", begin) - begin);
}

bool is_openssh(const std::string& program, const SshSettings& settings) {
  if (settings.variant == "ssh") return true;
  return settings.variant != "simple" && program.substr(program.rfind('/') + 1) == "ssh";
}

Result<std::vector<std::string>> options_for(const SshAddress& address, const std::string& program,
                                             const SshSettings& settings) {
  std::vector<std::string> options;
  if (is_openssh(program, settings) && !settings.may_ask) options = {"-o", "BatchMode=yes"};
  if (address.port.empty()) return options;
  if (settings.variant == "simple") {
    return Error(Errc::UserFault, "GIT_SSH_VARIANT is simple, whose programs take no port, but " +
                                      address.host + " needs port " + address.port);
  }
  options.insert(options.end(), {"-p", address.port});
  return options;
}

// One simple command is not worth a shell that stays and waits for it.
std::string shell_text(const std::string& command, const std::string& first, bool found) {
  const bool is_simple = command.find_first_of(";&|()<>`$\n{}!#*?[~") == std::string::npos &&
                         first.find_first_of("='\"\\") == std::string::npos;
  return (found && is_simple ? "exec " : "") + command + " \"$@\"";
}

Error no_program(const std::string& name) {
  return Error(Errc::UserFault, "there is no program " + name +
                                    " on the PATH; install an ssh client (openssh-client), or name"
                                    " one in GIT_SSH_COMMAND");
}

}  // namespace

SshSettings ssh_settings_of_process() {
  return {.command = variable("GIT_SSH_COMMAND"),
          .program = variable("GIT_SSH"),
          .variant = variable("GIT_SSH_VARIANT"),
          .may_ask = !variable("SSH_ASKPASS_REQUIRE").empty(),
          .search_path = variable("PATH")};
}

Result<SshCommand> ssh_command(const SshAddress& address, const SshSettings& settings) {
  const bool by_shell = !settings.command.empty();
  const std::string name = by_shell                   ? first_word(settings.command)
                           : settings.program.empty() ? "ssh"
                                                      : settings.program;
  const auto found = process::find_executable(name, settings.search_path);
  if (!found && !by_shell) return no_program(name);
  SshCommand command{.name = name,
                     .executable = by_shell ? "/bin/sh" : found.value(),
                     .arguments = {name},
                     .is_missing = !found};
  if (by_shell)
    command.arguments = {"sh", "-c", shell_text(settings.command, name, found.has_value()), name};
  OSTLER_TRY(const auto options, options_for(address, name, settings));
  command.arguments.insert(command.arguments.end(), options.begin(), options.end());
  command.arguments.push_back(address.destination);
  command.arguments.push_back("git-upload-pack " + quoted_for_shell(address.path));
  return command;
}

}  // namespace ostler::git
