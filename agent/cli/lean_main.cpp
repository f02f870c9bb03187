// SPDX-License-Identifier: Apache-2.0
// `ostler`: what must start fast. Everything that it does not do itself is ostler-host's.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "agent_client/job_socket_transport.hpp"
#include "cli/exit.hpp"
#include "cli/job_commands.hpp"
#include "cli/server_flags.hpp"
#include "keeper/keeper.hpp"
#include "worker/worker.hpp"

namespace ostler::cli {
namespace {

/// Becomes ostler-host, which lies beside this program's directory. Returns only when it cannot.
int hand_on(char** arguments) {
  std::error_code error;
  const auto own = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return fail("cannot find my own program, /proc/self/exe: " + error.message());
  const auto host = own.parent_path().parent_path() / "libexec/ostler/ostler-host";
  ::execv(host.c_str(), arguments);
  return fail("cannot run " + host.string() + ": " + std::strerror(errno) +
              "; install Ostler again, it belongs beside " + own.string());
}

/// The command of a job that is also one of a person, which only ostler-host has.
constexpr std::string_view kAlsoOfPeople = "build cancel";

int run_job_command(const Command& command, const Arguments& words, char** all) {
  if (const auto* alone = std::get_if<RunAlone>(&command.run)) return (*alone)(words);
  if (command.name == kAlsoOfPeople && !speaks_for_a_job(words)) return hand_on(all);
  auto socket = agent_client::job_socket_from_environment();
  if (!socket || names_a_server(words)) return hand_on(all);
  agent_client::JobSocketTransport transport(std::move(socket).value());
  return std::get<RunWithServer>(command.run)(words, transport);
}

/// Makes `ps` show other arguments than those that this process was started with.
void show_as(std::string_view title, std::span<char> arguments) {
  std::ranges::fill(arguments, '\0');
  std::ranges::copy(title.substr(0, arguments.size() - 1), arguments.begin());
}

int run_keeper(int count, char** arguments) {
  char* const end = arguments[count - 1] + std::strlen(arguments[count - 1]) + 1;
  const std::span<char> shown(arguments[0], end);
  return keeper::run(count - 2, arguments + 2, [shown] {
    show_as("ostler worker", shown);
    return worker::run();
  });
}

int run(int count, char** arguments) {
  const Arguments words(arguments + std::min(count, 1), arguments + count);
  if (!words.empty() && words[0] == "keeper") return run_keeper(count, arguments);
  const Command* command = find_command(job_commands(), words);
  if (command == nullptr) return hand_on(arguments);
  return run_job_command(*command, words_after(*command, words), arguments);
}

}  // namespace
}  // namespace ostler::cli

int main(int count, char** arguments) {
  try {
    if (count > 0) ostler::cli::speak_as(arguments[0]);
    return ostler::cli::status_with_output(ostler::cli::run(count, arguments));
  } catch (const std::exception& error) {
    return ostler::cli::fail(std::string("internal error: ") + error.what());
  } catch (...) {
    return ostler::cli::fail("internal error: unknown exception");
  }
}
