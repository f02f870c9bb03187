// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plugin_host/box_run.hpp"
#include "support/temp_directory.hpp"

namespace ostler::plugin_host {

/// Remembers what a step says.
class RecordingLog final : public StepLog {
 public:
  void output(std::string_view said) override { printed += said; }
  void message(Severity severity, std::string_view text) override;
  void group(GroupStyle, std::string_view title) override { groups.emplace_back(title); }
  void progress(const Progress& said) override { last = said; }
  void confined(const Confinement& said) override { confinement = said; }
  std::string without_secrets(std::string_view text, bool is_cut) override;
  boost::asio::awaitable<void> room() override { co_return; }

  std::string printed;
  std::vector<std::pair<Severity, std::string>> messages;
  std::size_t bytes = 0;
  std::vector<std::string> groups;
  Progress last;
  std::optional<Confinement> confinement;
  std::string secret;  ///< shown as "***"; none when empty
  std::function<void()> on_message = [] {};
};

/// One run of the plugin of the zoo, in a real box.
class ZooRun {
 public:
  explicit ZooRun(const std::string& what, const std::string& path = "/a path");

  BoxVerdict run();
  /// The same, cancelled when the plugin says its first message.
  BoxVerdict run_and_cancel(std::chrono::milliseconds grace);
  /// The same, cancelled before it begins.
  BoxVerdict run_cancelled(std::chrono::milliseconds grace);
  /// Another shared object instead of the zoo's.
  ZooRun& with_library(const std::string& path);

  static std::string directory();

  BoxSpec spec;
  RecordingLog log;
  StepServices services;
  support::TempDirectory scratch;
};

}  // namespace ostler::plugin_host
