// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "plugin_host/step_log.hpp"
#include "worker/job_log.hpp"
#include "worker/keeper_link.hpp"

namespace ostler::worker {

/// What a step plugin says, in the job's log, without its secrets. Runs on: one thread.
class StepOutput final : public plugin_host::StepLog {
 public:
  /// Requires: both outlive it.
  StepOutput(JobLog& log, KeeperLink& link) : log_(log), link_(link), stream_(log.needles()) {}

  void output(std::string_view bytes) override { log_.output(stream_, bytes); }
  std::unique_ptr<plugin_host::StepStream> program_output() override;
  void message(plugin_host::Severity severity, std::string_view text) override;
  void group(plugin_host::GroupStyle style, std::string_view title) override;
  void progress(const plugin_host::Progress& progress) override;
  void confined(const plugin_host::Confinement& confinement) override;
  std::string without_secrets(std::string_view text, bool is_cut) override {
    return is_cut ? log_.redacted_beginning(text) : log_.redacted(text);
  }
  boost::asio::awaitable<void> room() override { return log_.room(); }
  /// The step is over: says what was held back.
  void finish();

 private:
  void show_progress();

  JobLog& log_;
  KeeperLink& link_;
  redact::Redactor stream_;
  std::optional<plugin_host::Progress> progress_;  ///< not shown yet
  std::chrono::steady_clock::time_point shown_at_;
};

}  // namespace ostler::worker
