// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/local_state.hpp"
#include "plugin_host/http_service.hpp"
#include "plugin_host/step_services.hpp"

namespace ostler::cli {

/// The services of a step outside any build: those that every step has, and HTTP to the hosts that
/// its manifest names, without secrets, and values for later runs. Runs on: one thread.
class LocalStepServices final : public plugin_host::StepServices {
 public:
  /// `self`: path of this program. `state`: when the manifest asks for it.
  LocalStepServices(const boost::asio::any_io_executor& executor, std::string self,
                    plugin_host::JsonValue config, std::vector<std::string> hosts,
                    std::optional<LocalState> state);

  /// Beyond those of every step.
  std::vector<std::string> more_ids() const;
  void begin_call(const std::string& method, std::vector<std::string> arguments,
                  plugin_host::CallDone done, plugin_host::HostCommands& commands) override;
  void cancel_calls() override { http_.break_off(); }
  /// Nothing is left of requests when it returns.
  boost::asio::awaitable<void> end() { return http_.end(); }

 private:
  bool has_hosts_;
  std::optional<LocalState> state_;
  plugin_host::HttpService http_;
};

}  // namespace ostler::cli
