// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "base/result.hpp"
#include "cli/hub_client.hpp"
#include "cli/poll_pace.hpp"
#include "cli/run_services.hpp"
#include "cli/stop_signals.hpp"
#include "console/build_view.hpp"
#include "console/log_lines.hpp"

namespace ostler::cli {

/// How following a build ended.
struct Followed {
  wire::RestBuildAnswer build;
  std::optional<int> stop_signal;  ///< the signal that asked to stop, if one did
};

/// Watches one build and shows it until it has finished. The first stop signal cancels the build,
/// a second one gives up waiting for that.
class BuildFollower {
 public:
  struct Parts {
    HubClient& hub;
    RunServices& services;
    StopSignals& signals;
    console::BuildView& view;
    std::filesystem::path scratch;
  };
  BuildFollower(Parts parts, bool keep_colours);

  /// Errors: those of the hub's client; Unavailable when hub or agent end by themselves.
  Result<Followed> follow(const std::string& pipeline, std::int64_t number);

 private:
  using Jobs = std::vector<wire::RestJobAnswer>;

  Result<void> show(const Jobs& jobs);
  Result<bool> show_current(const Jobs& jobs);
  const wire::RestJobAnswer* next_job(const Jobs& jobs) const;
  void note_failures(const Jobs& jobs);
  bool all_shown(const Jobs& jobs) const;
  Result<void> obey_signals(const std::string& pipeline, std::int64_t number);
  bool has_given_up() const;
  void wait();

  Parts parts_;
  console::LogLines lines_;
  std::string current_;  ///< id of the job whose log is being shown; empty: none
  std::uint64_t log_offset_ = 0;
  std::set<std::string> shown_;  ///< ids of jobs whose log was shown whole
  std::set<std::string> noted_;  ///< ids of failed jobs that were noted before their log
  std::optional<int> stop_signal_;
  std::chrono::steady_clock::time_point give_up_at_ = std::chrono::steady_clock::time_point::max();
  PollPace pace_;
};

}  // namespace ostler::cli
