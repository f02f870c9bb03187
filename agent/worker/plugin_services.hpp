// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "plugin_host/step_listeners.hpp"
#include "plugin_host/step_plan.hpp"
#include "plugin_host/step_services.hpp"
#include "worker/job_context.hpp"

namespace ostler::worker {

/// Services that outlive the job, for one step: ostler.service/1. The agent starts and steers them
/// (supervise/service_call.hpp); this says whose they are. Runs on: one thread.
class PluginServices {
 public:
  /// Requires: both outlive it.
  PluginServices(JobContext& job, const plugin_host::PlannedStep& step,
                 const plugin_host::StepListeners& listeners);

  /// Begins a call; `done` gets the answer, at once or later; this need not live then.
  void begin(const std::string& what, const std::vector<std::string>& arguments,
             plugin_host::CallDone done);

 private:
  Result<supervise::ApiRequest> request(const std::string& what,
                                        const std::vector<std::string>& arguments) const;

  JobContext& job_;
  const plugin_host::StepListeners& listeners_;
  std::string plugin_;
};

}  // namespace ostler::worker
