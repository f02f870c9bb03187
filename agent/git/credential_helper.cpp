// SPDX-License-Identifier: Apache-2.0
#include "git/credential_helper.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>

#include "git/piped_child.hpp"
#include "process/spawn.hpp"

namespace ostler::git {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{30};
constexpr std::chrono::milliseconds kHelperTick{100};
constexpr std::size_t kMostOutput = 64u << 10;  // bytes; more is dropped
constexpr std::size_t kMostShown = 300;         // bytes

// No window may open where nobody looks; git itself has no terminal to ask on.
std::vector<std::string> environment_for_git() {
  std::vector<std::string> variables;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    if (variable.starts_with("SSH_ASKPASS=") || variable.starts_with("GIT_TERMINAL_PROMPT=")) {
      continue;
    }
    variables.emplace_back(variable);
  }
  variables.emplace_back("GIT_TERMINAL_PROMPT=0");
  return variables;
}

Result<std::string> git_program() {
  const char* path = std::getenv("PATH");
  auto found = process::find_executable("git", path == nullptr ? "" : path);
  if (found) return found;
  return Error(Errc::UserFault,
               "git's credential helpers cannot be asked: the program git is not installed");
}

/// A program's input and what has come from it.
struct Talk {
  PipedChild& program;
  std::string_view input;
  std::string output{};
  std::string errors{};
};

// Takes what is there, as much as a pipe holds; closes at the end.
void take(UniqueFd& fd, std::string& text) {
  std::array<char, 4096> buffer;
  for (int i = 0; fd && i < 16; ++i) {
    const ssize_t size = ::read(fd.get(), buffer.data(), buffer.size());
    if (size < 0 && is_worth_waiting(errno)) return;
    if (size <= 0) return fd.reset();
    const std::size_t room = kMostOutput - std::min(text.size(), kMostOutput);
    text.append(buffer.data(), std::min(static_cast<std::size_t>(size), room));
  }
}

// A helper that does not read its input may still answer.
void give(Talk& talk) {
  const ssize_t size = ::write(talk.program.to.get(), talk.input.data(), talk.input.size());
  if (size < 0 && is_worth_waiting(errno)) return;
  talk.input.remove_prefix(size < 0 ? talk.input.size() : static_cast<std::size_t>(size));
  if (talk.input.empty()) talk.program.to.reset();
}

// Until it has ended; what it left running may hold the pipes for longer.
Result<void> converse(Talk& talk, Watcher& watcher, Clock::time_point deadline) {
  PipedChild& program = talk.program;
  for (bool ended = false; !ended;) {
    if (!watcher.keep_going()) return Error(Errc::Cancelled, "stopped");
    if (Clock::now() >= deadline) {
      return Error(Errc::Timeout, "git's credential helper gave no answer within " +
                                      std::to_string(kPatience.count()) + " s");
    }
    std::array<pollfd, 4> waiting{{{program.child.pidfd(), POLLIN, 0},
                                   {program.to.get(), POLLOUT, 0},
                                   {program.from.get(), POLLIN, 0},
                                   {program.errors.get(), POLLIN, 0}}};
    if (::poll(waiting.data(), waiting.size(), static_cast<int>(kHelperTick.count())) <= 0)
      continue;
    ended = waiting[0].revents != 0;
    if (waiting[1].revents != 0) give(talk);
    take(program.from, talk.output);
    take(program.errors, talk.errors);
  }
  return success();
}

std::string first_line(std::string_view text) {
  std::string line(text.substr(0, std::min(text.find('\n'), kMostShown)));
  std::erase_if(line, [](unsigned char c) { return std::iscntrl(c) != 0; });
  return line;
}

std::string written(const CredentialQuestion& question) {
  std::string text = "protocol=" + question.protocol + "\nhost=" + question.host + "\n";
  if (!question.path.empty()) text += "path=" + question.path + "\n";
  if (!question.user.empty()) text += "username=" + question.user + "\n";
  return text;
}

std::string written(const CredentialQuestion& question, const Login& login) {
  return written({question.protocol, question.host, question.path, login.user}) +
         "password=" + login.password.reveal() + "\n\n";
}

Login read_login(std::string_view text) {
  Login login;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with("username=")) login.user = line.substr(9);
    if (line.starts_with("password=")) login.password = Secret(std::string(line.substr(9)));
  }
  return login;
}

}  // namespace

Result<std::string> CredentialHelper::run(const std::string& verb, const std::string& input) const {
  OSTLER_TRY(const auto git, git_program());
  OSTLER_TRY(auto program, spawn_piped(git, {"git", "credential", verb}, environment_for_git()));
  Talk talk{program, input};
  const auto done = converse(talk, watcher_, Clock::now() + kPatience);
  const auto ended = done ? program.child.wait(std::chrono::seconds(1))
                          : Result<process::ExitStatus>(done.error());
  if (!ended) {
    program.child.signal_group(SIGKILL);
    return ended.error();
  }
  if (ended.value() == process::ExitStatus(process::Exited{0})) return std::move(talk.output);
  return Error(Errc::NotFound,
               "no credential helper of git has any (" + first_line(talk.errors) + ")");
}

Result<Login> CredentialHelper::fill(const CredentialQuestion& question) const {
  OSTLER_TRY(const auto answer, run("fill", written(question) + "\n"));
  Login login = read_login(answer);
  if (!login.password.empty()) return login;
  return Error(Errc::NotFound, "git's credential helper gave no password");
}

// What the helpers make of it is theirs: the fetch has already succeeded or failed.
void CredentialHelper::approve(const CredentialQuestion& question, const Login& login) const {
  static_cast<void>(run("approve", written(question, login)).has_value());
}

void CredentialHelper::reject(const CredentialQuestion& question, const Login& login) const {
  static_cast<void>(run("reject", written(question, login)).has_value());
}

}  // namespace ostler::git
