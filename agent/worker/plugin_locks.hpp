// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugin_host/lock_call.hpp"
#include "plugin_host/step_services.hpp"
#include "worker/job_context.hpp"

namespace ostler::worker {

/// The service `lock` of one step: locks of the server that its job holds, until they are released
/// or the job ends. Runs on: one thread.
class PluginLocks {
 public:
  /// Requires: the job outlives it, and its tasks are joined before the job ends.
  explicit PluginLocks(JobContext& job);
  ~PluginLocks();

  /// Requires: plugin_host::is_lock_call().
  void begin(const std::string& method, const std::vector<std::string>& arguments,
             plugin_host::CallDone done);
  /// Gives up every wait that has begun; new ones may begin.
  void break_off();

 private:
  struct State;
  Result<void> check(const std::string& name) const;
  void begin_wait(const plugin_host::LockCall& call, plugin_host::CallDone done);

  std::shared_ptr<State> state_;
};

}  // namespace ostler::worker
