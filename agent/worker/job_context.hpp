// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>
#include <vector>

#include "environment/variables.hpp"
#include "worker/cancellation.hpp"
#include "worker/event.hpp"
#include "worker/job_log.hpp"
#include "worker/job_result.hpp"
#include "worker/keeper_link.hpp"
#include "worker/output_pump.hpp"

namespace ostler::worker {

class JobSocketServer;

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
  // Written by every phase that ends badly, and by the command phase.
  JobResult result = {};
  // Output of every child that has run: a process in the background may still write.
  std::vector<std::unique_ptr<OutputPump>> pumps = {};

  /// A variable as a child sees it: the job's own, else the process's.
  std::string variable(std::string_view name) const;
};

}  // namespace ostler::worker
