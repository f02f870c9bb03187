// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "cli/local_services.hpp"
#include "plugin_host/http_service.hpp"
#include "plugin_host/step_services.hpp"

namespace ostler::cli {

/// The services of a step outside any build: those that every step has, local ones, and HTTP to the
/// hosts that its manifest names, without secrets. Runs on: one thread.
class LocalStepServices final : public plugin_host::StepServices {
 public:
  /// `hosts`: that it may ask.
  LocalStepServices(const boost::asio::any_io_executor& executor, plugin_host::JsonValue config,
                    const LocalRun& run, std::vector<std::string> hosts);

  /// Beyond those of every step.
  std::vector<std::string> more_ids() const;
  void begin_call(const std::string& method, std::vector<std::string> arguments,
                  plugin_host::CallDone done, plugin_host::HostCommands& commands) override;
  void cancel_calls() override;
  std::vector<std::string> command_environment(plugin_host::CommandProfile profile) const override;
  std::vector<int> command_descriptors() const override { return local_.listeners().descriptors(); }
  /// Nothing is left of requests and waits when it returns.
  boost::asio::awaitable<void> end();

 private:
  void begin_http(const std::string& what, std::vector<std::string> arguments,
                  plugin_host::CallDone done);

  std::string plugin_;
  bool has_hosts_;
  LocalServices local_;
  plugin_host::HttpService http_;
};

}  // namespace ostler::cli
