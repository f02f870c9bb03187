// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cli/local_locks.hpp"
#include "cli/local_state.hpp"
#include "plugin_host/step_files.hpp"
#include "plugin_host/step_listeners.hpp"
#include "plugin_host/step_services.hpp"

namespace ostler::cli {

/// What a run outside any build is made of.
struct LocalRun {
  std::string plugin;                            ///< its id
  std::vector<std::string> services;             ///< that its manifest asks for
  plugin_host::StepRoots roots;                  ///< whose files it may read
  std::string directory;                         ///< where it stands
  std::filesystem::path kept;                    ///< directory for what runs share
  std::string self;                              ///< path of this program
  std::function<void(const std::string&)> tell;  ///< gets lines for the person
};

/// Of the services of jobs those that need no server: listener, lock, metric, report and state, as
/// far as the manifest asks for them. Runs on: one thread.
class LocalServices {
 public:
  LocalServices(const boost::asio::any_io_executor& executor, LocalRun run);

  std::vector<std::string> ids() const;
  bool has(std::string_view service) const;
  /// Whether a call is one of theirs: "ostler.lock/1/acquire".
  bool is_call(std::string_view method) const;
  /// Requires: is_call(). See StepServices::begin_call.
  void begin(const std::string& method, const std::vector<std::string>& arguments,
             plugin_host::CallDone done, plugin_host::HostCommands& commands);
  /// Ends every wait that has begun.
  void break_off() { locks_.break_off(); }
  /// Nothing is left of waits when it returns.
  boost::asio::awaitable<void> end() { return locks_.end(); }

  const plugin_host::StepListeners& listeners() const { return listeners_; }

 private:
  void take_report(const std::string& method, const std::vector<std::string>& arguments,
                   const plugin_host::CallDone& done, plugin_host::HostCommands& commands);
  Result<std::string> tell_metric(const std::string& method,
                                  const std::vector<std::string>& arguments);

  LocalRun run_;
  LocalState state_;
  LocalLocks locks_;
  plugin_host::StepListeners listeners_;
  int metrics_ = 0;
  int reports_ = 0;
};

/// The values of a plugin in `kept`, see LocalRun.
LocalState state_of(const std::filesystem::path& kept, const std::string& plugin);

/// Of the services in a manifest those that these are not.
std::vector<std::string> services_of_jobs_alone(const std::vector<std::string>& services);

}  // namespace ostler::cli
