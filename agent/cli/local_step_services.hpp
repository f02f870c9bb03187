// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>
#include <vector>

#include "net/task_group.hpp"
#include "plugin_host/http_helper.hpp"
#include "plugin_host/step_services.hpp"

namespace ostler::cli {

/// The services of a step outside any build: those that every step has, and HTTP to the hosts that
/// its manifest names, without secrets. Runs on: one thread.
class LocalStepServices final : public plugin_host::StepServices {
 public:
  LocalStepServices(const boost::asio::any_io_executor& executor, plugin_host::JsonValue config,
                    std::vector<std::string> hosts);

  /// Beyond those of every step.
  std::vector<std::string> more_ids() const;
  void begin_call(const std::string& method, std::vector<std::string> arguments,
                  plugin_host::CallDone done, plugin_host::HostCommands& commands) override;
  void cancel_calls() override { helper_.reset(); }
  /// Nothing is left of requests when it returns.
  boost::asio::awaitable<void> end();

 private:
  Result<void> start_helper();
  void send(std::vector<std::string> arguments, plugin_host::CallDone done);

  boost::asio::any_io_executor executor_;
  std::vector<std::string> hosts_;
  net::TaskGroup tasks_;
  std::unique_ptr<plugin_host::HttpHelper> helper_;
};

}  // namespace ostler::cli
