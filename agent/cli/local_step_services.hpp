// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cli/local_locks.hpp"
#include "cli/local_state.hpp"
#include "plugin_host/http_service.hpp"
#include "plugin_host/step_files.hpp"
#include "plugin_host/step_listeners.hpp"
#include "plugin_host/step_services.hpp"

namespace ostler::cli {

/// What a run outside any build is made of.
struct LocalRun {
  std::string plugin;                            ///< its id
  std::vector<std::string> services;             ///< that its manifest asks for
  std::vector<std::string> hosts;                ///< that it may ask
  plugin_host::StepRoots roots;                  ///< whose files it may read
  std::string directory;                         ///< where it stands
  std::filesystem::path kept;                    ///< directory for what runs share
  std::string self;                              ///< path of this program
  std::function<void(const std::string&)> tell;  ///< gets lines for the person
};

/// The services of a step outside any build: those that every step has, HTTP to the hosts that its
/// manifest names, without secrets, and of the services of jobs those that need no server. Runs on:
/// one thread.
class LocalStepServices final : public plugin_host::StepServices {
 public:
  LocalStepServices(const boost::asio::any_io_executor& executor, plugin_host::JsonValue config,
                    LocalRun run);

  /// Beyond those of every step.
  std::vector<std::string> more_ids() const;
  void begin_call(const std::string& method, std::vector<std::string> arguments,
                  plugin_host::CallDone done, plugin_host::HostCommands& commands) override;
  void cancel_calls() override;
  std::vector<std::string> command_environment(plugin_host::CommandProfile profile) const override;
  std::vector<int> command_descriptors() const override { return listeners_.descriptors(); }
  /// Nothing is left of requests and waits when it returns.
  boost::asio::awaitable<void> end();

 private:
  bool has(std::string_view service) const;
  void begin_http(const std::string& what, std::vector<std::string> arguments,
                  plugin_host::CallDone done);
  void take_report(const std::string& method, const std::vector<std::string>& arguments,
                   const plugin_host::CallDone& done, plugin_host::HostCommands& commands);
  Result<std::string> tell_metric(const std::string& method,
                                  const std::vector<std::string>& arguments);

  LocalRun run_;
  LocalState state_;
  LocalLocks locks_;
  plugin_host::StepListeners listeners_;
  plugin_host::HttpService http_;
  int metrics_ = 0;
  int reports_ = 0;
};

/// Of the services in a manifest those that a run outside any build lacks.
std::vector<std::string> services_of_jobs_alone(const std::vector<std::string>& services);

}  // namespace ostler::cli
