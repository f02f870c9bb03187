// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "plugin_host/step_plan.hpp"

namespace ostler::plugin_host {

/// The numbers are the ABI's; the last two say who broke a rule.
enum class Severity : std::int32_t {
  Debug,
  Info,
  Warning,
  Error,
  HostMisbehaving,
  PluginMisbehaving
};
enum class GroupStyle : std::int32_t { Collapsed, Expanded, Muted };

struct Progress {
  int done = 0;     ///< 0 to 10000
  int attempt = 0;  ///< 0: the step knows none
  std::string phase;
  std::string message;
};

/// For people, one line: "[ 45.50 %] download, attempt 2: what it does".
std::string describe(const Progress& progress);

/// What makes a title the head of a group in a log: "--- ".
std::string_view prefix_of(GroupStyle style);

/// What keeps a plugin from harm, and what does not.
struct Confinement {
  bool system_calls = false;                       ///< seccomp
  bool files = false;                              ///< Landlock
  bool signals = false;                            ///< Landlock: those to other processes
  bool network = false;                            ///< the plugin may use it
  CommandProfile commands = CommandProfile::None;  ///< of programs outside
};

/// For people, one line: what holds and what it does not stop.
std::string describe(const Confinement& confinement);

/// The output of one program, from its begin to its end: whole as long as this lives.
class StepStream {
 public:
  virtual ~StepStream() = default;
  virtual void write(std::string_view bytes) = 0;
};

/// Where a step says things. What it is given was written by a plugin: any bytes.
/// Runs on: one thread.
class StepLog {
 public:
  virtual ~StepLog() = default;
  /// What came out of standard output and error.
  virtual void output(std::string_view bytes) = 0;
  /// For a program that the step has run; the log outlives it. Several may write at once.
  virtual std::unique_ptr<StepStream> program_output();
  /// A message, of one or more lines.
  virtual void message(Severity severity, std::string_view text) = 0;
  virtual void group(GroupStyle style, std::string_view title) = 0;
  virtual void progress(const Progress& progress) = 0;
  virtual void confined(const Confinement& confinement) = 0;
  /// The text as it may be shown and kept: without the secrets of the job. Of one that was cut,
  /// what may be the beginning of a secret is left out, too.
  virtual std::string without_secrets(std::string_view text, bool is_cut);
  /// Waits while much is on its way.
  virtual boost::asio::awaitable<void> room() = 0;
};

}  // namespace ostler::plugin_host
