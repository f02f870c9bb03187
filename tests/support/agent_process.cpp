// SPDX-License-Identifier: Apache-2.0
#include "support/agent_process.hpp"

#include <signal.h>

#include "support/left_jobs.hpp"

namespace ostler::support {

AgentProcess::AgentProcess(const HubProcess& hub, const std::filesystem::path& directory,
                           std::vector<std::string> more_flags)
    : AgentProcess(hub.endpoint(), hub.agent_token_file(), directory, std::move(more_flags)) {}

AgentProcess::AgentProcess(const std::string& endpoint, const std::filesystem::path& token_file,
                           const std::filesystem::path& directory,
                           std::vector<std::string> more_flags,
                           const std::filesystem::path& program)
    : directory_(directory) {
  arguments_ = {program.string(),
                "agent",
                "start",
                "--endpoint",
                endpoint,
                "--token",
                "file://" + token_file.string(),
                "--state-path",
                state().string(),
                "--build-path",
                builds().string()};
  arguments_.insert(arguments_.end(), more_flags.begin(), more_flags.end());
  start_again();
}

AgentProcess::~AgentProcess() {
  program_.reset();
  end_left_jobs(state());
}

void AgentProcess::start_again() { program_.emplace(arguments_, directory_); }

std::optional<ExitCode> AgentProcess::stop(std::chrono::seconds limit) {
  program_->signal(SIGTERM);
  return program_->wait(limit);
}

}  // namespace ostler::support
