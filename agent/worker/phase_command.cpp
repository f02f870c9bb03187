// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <filesystem>

#include "base/ascii.hpp"
#include "environment/shell_words.hpp"
#include "log/lines.hpp"
#include "worker/child_run.hpp"
#include "worker/phase.hpp"
#include "worker/plugin_command.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using environment::value_of;

namespace {

/// What the shell is told to run.
struct Command {
  bool is_script = false;
  std::string text;  ///< "./<path>" of a script, else the command as it was written
};

/// The file that the command names, newlines left out; empty when it names none.
fs::path script_named_by(const JobContext& job, std::string command) {
  std::erase(command, '\n');
  std::erase(command, '\r');
  const fs::path path = (fs::path(job.directory) / fs::path(command).relative_path());
  std::error_code error;
  return fs::is_regular_file(path, error) ? path.lexically_normal() : fs::path();
}

void make_executable(const fs::path& script) {
  std::error_code ignored;  // running it says what is wrong
  fs::permissions(script, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                  fs::perm_options::add, ignored);
}

/// Source: job-lifecycle 3.1.
Result<Command> choose_command(const JobContext& job) {
  const std::string& text = value_of(job.env, "BUILDKITE_COMMAND");
  if (is_blank(text)) {
    return Error(Errc::UserFault,
                 "The step has no `command` to execute; give it one, or a `command` hook");
  }
  const bool may_evaluate = value_of(job.env, "BUILDKITE_COMMAND_EVAL") != "false";
  const fs::path script = script_named_by(job, text);
  if (script.empty()) {
    if (may_evaluate) return Command{false, text};
    return Error(Errc::Denied,
                 "This agent is not allowed to evaluate console commands; commit a script and run "
                 "that, or allow it with no-command-eval=false");
  }
  const fs::path relative = script.lexically_relative(fs::path(job.directory).lexically_normal());
  if (!may_evaluate && (relative.empty() || *relative.begin() == "..")) {
    return Error(
        Errc::Denied,
        "This agent is only allowed to run scripts within your repository: " + script.string());
  }
  if (may_evaluate) make_executable(script);
  return Command{true, "./" + relative.string()};
}

/// Source: job-lifecycle 3.2.
Result<std::vector<std::string>> shell_words(const JobContext& job) {
  const std::string& shell = value_of(job.env, "BUILDKITE_SHELL");
  if (!is_blank(shell)) {
    auto words = environment::split_shell_words(shell);
    if (!words) return std::move(words).error().with_context("BUILDKITE_SHELL");
    return words;
  }
  if (::access("/bin/bash", X_OK) == 0) return std::vector<std::string>{"/bin/bash", "-e", "-c"};
  return std::vector<std::string>{"/usr/bin/env", "bash", "-e", "-c"};
}

asio::awaitable<Result<process::ExitStatus>> run(JobContext& job) {
  OSTLER_CO_TRY(const Command command, choose_command(job));
  OSTLER_CO_TRY(std::vector<std::string> words, shell_words(job));
  words.push_back(command.text);
  job.log.line(log::section(command.is_script ? "Running script" : "Running commands"));
  job.log.line(log::prompt(command.text));
  OSTLER_CO_TRY(co_await job.link.declare_started());
  co_return co_await run_child(job, {.words = std::move(words)});
}

/// "exit status 3", "signal: terminated".
std::string user_command_error(const process::ExitStatus& status) {
  const auto* signalled = std::get_if<process::Signalled>(&status);
  if (signalled == nullptr) return "exit status " + std::to_string(exit_status_of(status));
  std::string name = ::strsignal(signalled->signal);
  name.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(name.front())));
  return "signal: " + name;
}

void tell_end(JobContext& job, const process::ExitStatus& status) {
  const int code = exit_status_of(status);
  if (code == 0) return;
  const std::string what = user_command_error(status);
  job.log.line(log::error(code < 0 ? "The command was interrupted by a signal: " + what
                                   : "The command exited with status " + std::to_string(code)));
  job.log.line("user command error: " + what);
}

asio::awaitable<void> run_shell(JobContext& job) {
  const auto status = co_await run(job);
  if (status) {
    job.result.command = status.value();
    tell_end(job, status.value());
  } else if (status.error().code() != Errc::Cancelled) {
    job.result.command = process::Exited{1};
    job.result.command_evidence = status.error().message();
    job.log.line(log::error(status.error().message()));
    job.log.line("user command error: " + status.error().message());
  }
}

}  // namespace

asio::awaitable<void> run_command(JobContext& job) {
  if (job.step_plugins.empty()) {
    co_await run_shell(job);
  } else {
    co_await run_step_plugins(job);
  }
  if (!job.result.command) co_return;
  job.env["BUILDKITE_COMMAND_EXIT_STATUS"] = std::to_string(exit_status_of(*job.result.command));
}

}  // namespace ostler::worker
