// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "environment/variables.hpp"
#include "plugin_host/json_value.hpp"
#include "plugin_host/step_plan.hpp"

namespace ostler::plugin_host {

class HostCommands;

/// Takes the answer to a call.
using CallDone = std::function<void(Result<std::string>)>;

/// What a plugin can ask its host for, of one step. Runs on: one thread.
class StepServices {
 public:
  /// `config` is valid by the plugin's schema.
  StepServices(JsonValue config, environment::Variables variables)
      : config_(std::move(config)), environment_(std::move(variables)) {}
  virtual ~StepServices() = default;

  /// The services that every plugin can have, by id, those included that the box gives by itself.
  static std::vector<std::string> ids();
  /// Whether a call of these services takes as long as one of any other: it is for begin_call().
  static bool is_call_on_server(std::string_view method);

  /// The answer to a call such as "ostler.config/1/text". Errors: those of the call, told to the
  /// plugin; NotFound for a method that there is not.
  Result<std::string> answer(std::string_view method, const std::string& first,
                             const std::string& second);

  /// Begins a call of a service beyond those of ids(), or one on the server. `done` gets the answer
  /// once, at once or later, in the same thread; this need not live then. `commands` runs what a
  /// program does.
  virtual void begin_call(const std::string& method, std::vector<std::string> arguments,
                          CallDone done, HostCommands& commands);

  /// The job was cancelled: nobody waits any more for calls that have begun.
  virtual void cancel_calls() {}

  /// What the plugin has set, by name: JSON.
  const std::map<std::string, std::string>& outputs() const { return outputs_; }
  const environment::Variables& environment() const { return environment_; }
  /// What a command of the plugin gets, that is started now: one "NAME=value" each. One of the
  /// profile workspace has no more than the plugin may read.
  virtual std::vector<std::string> command_environment(CommandProfile profile) const;
  /// Descriptors that it gets as 3, 4 and so on, with LISTEN_PID.
  virtual std::vector<int> command_descriptors() const { return {}; }

 protected:
  /// The plugin has set a variable, which it may.
  virtual void variable_set(const std::string&, const std::string&) {}

  /// Whether each value of that variable is remembered, those that others replace included.
  virtual bool is_kept_for_good(const std::string&) const { return false; }

 private:
  Result<std::string> config_key(const std::string& pointer, const std::string& index) const;
  Result<std::string> get_variable(const std::string& name) const;
  Result<std::string> set_variable(const std::string& name, const std::string& value);
  Result<std::string> set_output(const std::string& name, const std::string& json);

  JsonValue config_;
  environment::Variables environment_;
  std::int64_t added_ =
      0;  ///< bytes by which the step has made it larger, and what is kept for good
  std::map<std::string, std::string> outputs_;
};

}  // namespace ostler::plugin_host
