// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "environment/redacted_vars.hpp"
#include "environment/variables.hpp"
#include "plugin_host/step_plan.hpp"
#include "worker/cancellation.hpp"
#include "worker/event.hpp"
#include "worker/job_log.hpp"
#include "worker/job_result.hpp"
#include "worker/keeper_link.hpp"
#include "worker/output_pump.hpp"

namespace ostler::worker {

class JobSocketServer;

/// A step plugin that is ready to run, and its files in memory.
struct StepPlugin {
  plugin_host::PlannedStep plan;
  std::vector<UniqueFd> code;  ///< the plugin, then the libraries of its plan
  UniqueFd resources;
};

/// What the phases of one job share. Runs on: one thread.
struct JobContext {
  // Constant from the start.
  boost::asio::any_io_executor executor;
  const supervise::JobDocument& document;
  KeeperLink& link;
  JobLog& log;
  Cancellation& cancellation;
  TaskGroup& tasks;
  std::string host_program;  ///< path of `ostler-host`

  // The job's environment, as GET /env shows it: what every child gets over the process's own.
  environment::Variables env = {};
  // Written by the prepare phase.
  bool terminal = true;                 ///< children get a pseudo terminal, else a pipe
  std::string directory = {};           ///< where children run
  bool directory_is_temporary = false;  ///< removed by the teardown phase
  std::unique_ptr<JobSocketServer> socket = {};
  std::size_t step_plugin_count = 0;
  // Written by the plugins phase: what runs in the place of the command, in order.
  std::vector<StepPlugin> step_plugins = {};
  // Written by the prepare phase: variables that hold secrets, and the keys of these.
  std::map<std::string, std::string> secret_variables = {};
  // What variables of the job were before a step plugin set them; none: not set.
  std::map<std::string, std::optional<std::string>> before_plugins = {};
  // Written by step plugins: locks that the job holds, and the requests by which it got them.
  std::map<std::string, std::string> locks = {};
  int metrics = 0;  ///< that step plugins have told
  int reports = 0;  ///< that they have handed in
  // Written by every phase that ends badly, and by the command phase.
  JobResult result = {};
  // Output of every child that has run: a process in the background may still write.
  std::vector<std::unique_ptr<OutputPump>> pumps = {};

  /// A variable as a child sees it: the job's own, else the process's.
  std::string variable(std::string_view name) const;
  /// Keeps the values of variables out of the log whose names say that they are secret.
  void hide_secret_variables();
  /// The same for one of them, without another look at the rest.
  void hide_secret_variable(const std::string& name);
  /// Whether the name of a variable says that its value is secret.
  bool is_secret_variable(const std::string& name) const;

 private:
  environment::RedactedValues redaction_of(const std::string& name, const std::string& value) const;
};

}  // namespace ostler::worker
