// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "plugin_host/box_usage.hpp"
#include "plugin_host/host_commands.hpp"
#include "plugin_host/step_log.hpp"
#include "plugin_host/step_result.hpp"
#include "plugin_host/step_services.hpp"
#include "supervise/box_message.hpp"

// The host's side of a box: starts it, gives its services, and says how it ended.
namespace ostler::plugin_host {

/// Something that a box maps, or executes.
struct CodeFile {
  std::string name;  ///< by which people know it: "hello.so"
  UniqueFd file;     ///< see sealed_copy.hpp
};
/// Requires: at least as many files as names; the rest is closed.
std::vector<CodeFile> named_code(std::vector<std::string> names, std::vector<UniqueFd> files);

/// A run of a plugin that is about to begin.
struct BoxSpec {
  std::string program;  ///< path of ostler-box
  /// The plugin, and libraries that it needs, each before those that it needs itself.
  std::vector<CodeFile> code;
  bool is_program = false;  ///< it is executed, not mapped
  /// That executes it, and arguments; empty: itself.
  std::vector<std::string> interpreter = {};
  std::string id;                             ///< who the plugin must be
  std::string version;                        ///< the same
  bool network = false;                       ///< the plugin may use the network itself
  std::optional<CommandPlace> commands = {};  ///< none: it may run no programs
  /// What it may call beyond StepServices::ids(): "ostler.meta-data/1".
  std::vector<std::string> services = {};
  supervise::Pairs paths;  ///< what it may touch: absolute path, "read" or "write"
  supervise::Pairs facts;  ///< about the job, by the names in agent/docs/box-protocol.md
  std::int32_t attempt = 1;
  bool checks_threads = false;  ///< it ends when it breaks a rule of abi.h on threads
  /// End it as passed once it is known to be that plugin (any, without `id`) and has made its step.
  bool only_look = false;
  std::string directory;                  ///< where it stands
  std::chrono::seconds ready_within{30};  ///< from its start until its constructors are done;
                                          ///< of one that is only looked at until its end
  /// For destroy(), whose work is to close what is open: what the run has come to is known then,
  /// and later steps wait.
  std::chrono::seconds destroyed_within{10};
};

/// Who ended the process.
enum class BoxEnd {
  Finished,  ///< the plugin, by a result or a status
  Refused,   ///< it was not run: not the plugin that it should be, or none
  Crashed,   ///< a signal of its own doing
  Left,      ///< exit() inside the plugin
  Killed,    ///< we: deaf to a cancel, or never ready
  Broken     ///< we: it said what the protocol does not allow
};

struct BoxVerdict {
  BoxEnd end = BoxEnd::Finished;
  StepResult result;
  int signal = 0;  ///< that it crashed with; 0: it did not
  BoxUsage usage = {};
};

/// One run of one plugin. Runs on: the executor, which must be a strand or have one thread.
class BoxRun {
 public:
  /// Requires: services and log outlive it.
  BoxRun(const boost::asio::any_io_executor& executor, StepServices& services, StepLog& log);
  /// Requires: run() has returned.
  ~BoxRun();

  /// Runs the plugin to its end; nothing of it is left then, and all it wrote is in the log.
  /// Ignores SIGPIPE in this process, which children get back.
  /// Errors: the box could not be started.
  boost::asio::awaitable<Result<BoxVerdict>> run(BoxSpec spec);

  /// Tells the plugin to stop, and kills it when the grace is over. A second call can only bring
  /// that forward.
  void cancel(supervise::CancelReason reason, std::chrono::nanoseconds grace);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ostler::plugin_host
