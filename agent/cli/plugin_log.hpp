// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "console/terminal.hpp"
#include "plugin_host/step_log.hpp"

namespace ostler::cli {

/// What is put before a message that is more than information: "warning: ".
std::string_view severity_prefix(plugin_host::Severity severity);

/// What a step says, on standard output, line by line.
class PluginLog final : public plugin_host::StepLog {
 public:
  explicit PluginLog(console::Terminal& terminal) : terminal_(terminal) {}

  void output(std::string_view bytes) override;
  void message(plugin_host::Severity severity, std::string_view text) override;
  void group(plugin_host::GroupStyle style, std::string_view title) override;
  void progress(const plugin_host::Progress& progress) override;
  void confined(const plugin_host::Confinement& confinement) override;
  boost::asio::awaitable<void> room() override;
  /// Says what it still holds back: the end of a line, the last progress.
  void finish();

 private:
  void print(std::string_view lines, std::string_view prefix = {});
  void show_progress();

  console::Terminal& terminal_;
  std::string rest_;      ///< of a line of output
  std::string progress_;  ///< not shown yet; empty: none
  std::chrono::steady_clock::time_point shown_at_;
};

}  // namespace ostler::cli
