// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "plugin_host/http_service.hpp"
#include "plugin_host/step_services.hpp"
#include "worker/job_context.hpp"
#include "worker/service_calls.hpp"

namespace ostler::worker {

/// The service `http` of one step: a child makes the requests, from the first one on; secrets that
/// headers name are put in here and never enter the box. Runs on: one thread.
class PluginHttp {
 public:
  /// Requires: the job outlives it, and its tasks are joined before the job ends.
  PluginHttp(JobContext& job, const plugin_host::HttpReach& reach,
             std::vector<std::string> secrets);
  /// Requires: end() has returned, or nothing was begun.
  ~PluginHttp();

  /// "send", "read" or "close", with the arguments of the plugin.
  void begin(const std::string& method, std::vector<std::string> arguments,
             plugin_host::CallDone done);
  /// Breaks off every request that has begun; new ones may begin.
  void break_off();
  /// Breaks off all; nothing is left of requests when it returns.
  boost::asio::awaitable<void> end();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace ostler::worker
