// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ostler::support {

/// How a program ended: its exit code, or 128 + the signal that killed it.
using ExitCode = int;

struct ProgramOptions {
  std::map<std::string, std::string> environment;  ///< added to the test's own
  std::filesystem::path directory;                 ///< working directory; empty: the test's own
};

/// A program started by a test, with standard output and error in files. Killed and reaped with
/// its owner, so that no test leaves a process behind.
class ChildProgram {
 public:
  ChildProgram(std::vector<std::string> arguments, const std::filesystem::path& output_directory,
               const ProgramOptions& options = {});
  ~ChildProgram();
  ChildProgram(ChildProgram&& other) noexcept;
  ChildProgram& operator=(ChildProgram&&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  /// Waits for its end; none when `limit` passes first.
  std::optional<ExitCode> wait(std::chrono::milliseconds limit);
  /// Sends SIGKILL and reaps.
  void kill();
  std::string out() const;
  std::string err() const;

 private:
  pid_t pid_ = -1;
  std::optional<ExitCode> ended_;
  std::filesystem::path out_;
  std::filesystem::path err_;
};

struct ProgramResult {
  ExitCode code;
  std::string out;
  std::string err;
};

/// Runs a program to its end (180 s at most; then code is -1).
ProgramResult run_program(const std::vector<std::string>& arguments,
                          const ProgramOptions& options = {});

/// build/<preset>/bin/ostler of the build that this test belongs to.
std::string ostler_program();
/// build/<preset>/libexec/ostler/ostler-host of the same.
std::string host_program();
/// To be put into LD_PRELOAD of a program that is never to sleep (support/no_sleep.cpp).
std::string no_sleep_library();

}  // namespace ostler::support
