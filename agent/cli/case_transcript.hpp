// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "plugin_host/step_log.hpp"

namespace ostler::cli {

/// Keeps what a plugin says in a case. Output comes through a pipe, at any moment between two
/// messages: it is kept apart, so that the same run reads the same.
class CaseTranscript final : public plugin_host::StepLog {
 public:
  void output(std::string_view bytes) override { take(printed_, bytes); }
  void message(plugin_host::Severity severity, std::string_view text) override;
  void group(plugin_host::GroupStyle style, std::string_view title) override;
  void progress(const plugin_host::Progress& progress) override;
  void confined(const plugin_host::Confinement&) override {}
  boost::asio::awaitable<void> room() override { co_return; }

  void line(const std::string& text) { take(said_, text.ends_with('\n') ? text : text + "\n"); }
  std::string text() const { return printed_.empty() ? said_ : said_ + "printed:\n" + printed_; }

 private:
  static void take(std::string& into, std::string_view text);

  std::string said_;
  std::string printed_;
};

}  // namespace ostler::cli
