// SPDX-License-Identifier: Apache-2.0
#include "support/child_program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <utility>

#include "base/assert.hpp"
#include "files/file.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

extern char** environ;

namespace ostler::support {
namespace {

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!added.contains(text.substr(0, text.find('=')))) entries.push_back(text);
  }
  for (const auto& [name, value] : added) entries.push_back(name + "=" + value);
  return entries;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (auto& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

std::string content_of(const std::filesystem::path& path) {
  auto content = files::read_file(path);
  return content ? std::move(content).value() : std::string();
}

ExitCode code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ChildProgram::ChildProgram(std::vector<std::string> arguments,
                           const std::filesystem::path& output_directory,
                           const ProgramOptions& options) {
  static std::atomic<int> count = 0;
  const std::string stem = "program-" + std::to_string(++count);
  out_ = output_directory / (stem + ".out");
  err_ = output_directory / (stem + ".err");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  constexpr int kWrite = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, 1, out_.c_str(), kWrite, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, err_.c_str(), kWrite, 0600);
  if (!options.directory.empty()) {
    posix_spawn_file_actions_addchdir_np(&actions, options.directory.c_str());
  }
  auto environment = merged_environment(options.environment);
  const int failed = posix_spawnp(&pid_, arguments[0].c_str(), &actions, nullptr,
                                  pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  OSTLER_ASSERT(failed == 0);
}

ChildProgram::ChildProgram(ChildProgram&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      ended_(other.ended_),
      out_(std::move(other.out_)),
      err_(std::move(other.err_)) {}

ChildProgram::~ChildProgram() {
  if (pid_ > 0) kill();
}

void ChildProgram::signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

std::optional<ExitCode> ChildProgram::wait(std::chrono::milliseconds limit) {
  wait_until(limit, [&] {
    int status = 0;
    if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) ended_ = code_of(status);
    return ended_.has_value();
  });
  return ended_;
}

void ChildProgram::kill() {
  if (ended_) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  ::waitpid(pid_, &status, 0);
  ended_ = code_of(status);
}

std::string ChildProgram::out() const { return content_of(out_); }
std::string ChildProgram::err() const { return content_of(err_); }

ProgramResult run_program(const std::vector<std::string>& arguments,
                          const ProgramOptions& options) {
  const TempDirectory directory;
  ChildProgram program(arguments, directory.path(), options);
  const ExitCode code = program.wait(std::chrono::seconds(180)).value_or(-1);
  if (code == -1) program.kill();
  return {code, program.out(), program.err()};
}

std::string ostler_program() {
  return std::string(std::getenv("OSTLER_BUILD_DIR")) + "/bin/ostler";
}

std::string host_program() {
  return std::string(std::getenv("OSTLER_BUILD_DIR")) + "/libexec/ostler/ostler-host";
}

std::string no_sleep_library() {
  return std::string(std::getenv("OSTLER_BUILD_DIR")) + "/tests/ostler_no_sleep.so";
}

}  // namespace ostler::support
