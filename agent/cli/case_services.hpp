// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/recorded_http.hpp"
#include "plugin_host/step_services.hpp"

namespace ostler::cli {

/// What a plugin may use of the services that a case stands in for.
struct CasePermissions {
  std::vector<std::string> hosts = {};
  std::optional<std::vector<std::string>> secrets = {};  ///< none: not the service
};

/// The services of a step in a case: those that every step has, recorded HTTP, and secrets that are
/// their own names. Runs on: one thread.
class CaseServices final : public plugin_host::StepServices {
 public:
  /// `tell`: see RecordedHttp.
  CaseServices(plugin_host::JsonValue config, environment::Variables variables,
               CasePermissions permissions, std::vector<HttpExchange> exchanges,
               std::function<void(const std::string&)> tell);

  /// Beyond those of every step.
  std::vector<std::string> more_ids() const;
  void begin_call(const std::string& method, std::vector<std::string> arguments,
                  plugin_host::CallDone done, plugin_host::HostCommands& commands) override;
  /// See RecordedHttp::unused.
  std::vector<std::string> unused_exchanges() const { return http_.unused(); }

 private:
  CasePermissions permissions_;
  RecordedHttp http_;
};

/// Ids of the services that these permissions ask for.
std::vector<std::string> service_ids(const CasePermissions& permissions);

}  // namespace ostler::cli
