// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "cli/run_directory.hpp"
#include "process/spawn.hpp"

namespace ostler::cli {

/// A hub and an agent of our own, as processes, for as long as this lives.
class RunServices {
 public:
  /// Starts the hub on a free port of loopback and, once it listens, the agent, whose
  /// step plugins keep files for the repository.
  /// Requires: `directory` outlives this; called on the main thread.
  static Result<std::unique_ptr<RunServices>> start(const RunDirectory& directory,
                                                    const std::filesystem::path& repository);
  RunServices(const RunServices&) = delete;
  RunServices& operator=(const RunServices&) = delete;
  ~RunServices();

  /// The hub's address without a path.
  const std::string& url() const { return url_; }
  const Secret& api_token() const { return api_token_; }

  int hub_pidfd() const { return hub_->pidfd(); }
  int agent_pidfd() const { return agent_->pidfd(); }
  /// Why one of the two ended by itself; none while both run.
  std::optional<Error> fault();

  /// Ends agent and hub, and every process of every job. Takes as long as running jobs need to be
  /// canceled.
  void stop();
  /// The same at once: running jobs are killed.
  void stop_now();

 private:
  explicit RunServices(const RunDirectory& directory) : directory_(directory) {}
  void stop_after(std::chrono::milliseconds cancel_time);
  Result<void> start_hub();
  Result<void> start_agent(const std::filesystem::path& repository);

  const RunDirectory& directory_;
  std::optional<process::Child> hub_;
  std::optional<process::Child> agent_;
  UniqueFd hub_output_;  ///< kept open: the hub's standard output
  std::string url_;
  Secret api_token_;
};

}  // namespace ostler::cli
