// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugin_host/step_listeners.hpp"
#include "plugin_host/step_plan.hpp"
#include "plugin_host/step_services.hpp"
#include "worker/api_call.hpp"
#include "worker/job_context.hpp"
#include "worker/plugin_http.hpp"
#include "worker/plugin_locks.hpp"
#include "worker/plugin_services.hpp"
#include "worker/service_calls.hpp"
#include "worker/service_programs.hpp"

namespace ostler::worker {

/// The services of a step in a job: what it sets holds for the rest of the job, and what concerns
/// the build it asks of the server in the name of the job. Runs on: one thread.
class JobStepServices final : public plugin_host::StepServices {
 public:
  /// `roots`: the directories whose files the step may read.
  /// Requires: the job outlives it, and its tasks are joined before the job ends.
  JobStepServices(JobContext& job, const plugin_host::PlannedStep& step,
                  plugin_host::StepRoots roots);
  /// Requires: end() has returned, or nothing was begun.
  ~JobStepServices() override = default;

  /// The services that this step has beyond those of every step: "ostler.meta-data/1".
  static std::vector<std::string> ids_of(const plugin_host::PlannedStep& step);

  std::vector<std::string> command_environment(plugin_host::CommandProfile profile) const override;
  std::vector<int> command_descriptors() const override { return listeners_.descriptors(); }
  void begin_call(const std::string& method, std::vector<std::string> arguments,
                  plugin_host::CallDone done, plugin_host::HostCommands& commands) override;
  void cancel_calls() override {
    http_.break_off();
    locks_.break_off();
  }
  /// The step is over: nothing works for it any more when it returns.
  boost::asio::awaitable<void> end();

 private:
  void variable_set(const std::string& name, const std::string& value) override;
  /// A secret stays one for the log.
  bool is_kept_for_good(const std::string& name) const override;

  void run_program(const std::string& method, const std::vector<std::string>& arguments,
                   plugin_host::CallDone done, plugin_host::HostCommands& commands) const;

  JobContext& job_;
  const std::string plugin_;
  plugin_host::StepRoots roots_;
  SecretAccess secrets_;
  PluginHttp http_;
  PluginLocks locks_;
  plugin_host::StepListeners listeners_;
  PluginServices outliving_;
  std::vector<std::weak_ptr<ApiCall>> under_way_;
};

}  // namespace ostler::worker
