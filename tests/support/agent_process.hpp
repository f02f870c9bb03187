// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/child_program.hpp"
#include "support/hub_process.hpp"

namespace ostler::support {

/// The built `ostler agent start`, with state and build directories that outlive kills.
class AgentProcess {
 public:
  AgentProcess(const HubProcess& hub, const std::filesystem::path& directory,
               std::vector<std::string> more_flags = {});
  /// The same against any endpoint.
  AgentProcess(const std::string& endpoint, const std::filesystem::path& token_file,
               const std::filesystem::path& directory, std::vector<std::string> more_flags,
               const std::filesystem::path& program = ostler_program());

  ~AgentProcess();
  AgentProcess(const AgentProcess&) = delete;
  AgentProcess& operator=(const AgentProcess&) = delete;

  void kill() { program_->kill(); }
  void start_again();
  /// Asks for a graceful stop and waits for it.
  std::optional<ExitCode> stop(std::chrono::seconds limit = std::chrono::seconds(30));
  ChildProgram& program() { return *program_; }

  std::filesystem::path state() const { return directory_ / "state"; }
  std::filesystem::path builds() const { return directory_ / "builds"; }

 private:
  std::filesystem::path directory_;
  std::vector<std::string> arguments_;
  std::optional<ChildProgram> program_;
};

}  // namespace ostler::support
