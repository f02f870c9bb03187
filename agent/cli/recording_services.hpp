// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/case_services.hpp"
#include "cli/http_recorder.hpp"
#include "plugin_host/http_service.hpp"

namespace ostler::cli {

/// The services of a step that is recorded for a case: HTTP to the real hosts that its manifest
/// names, and secrets whose values variables of this process have. Runs on: one thread.
class RecordingServices final : public plugin_host::StepServices {
 public:
  /// `self`: path of this program.
  RecordingServices(const boost::asio::any_io_executor& executor, std::string self,
                    plugin_host::JsonValue config, environment::Variables variables,
                    CasePermissions permissions);

  std::vector<std::string> more_ids() const { return service_ids(permissions_); }
  void begin_call(const std::string& method, std::vector<std::string> arguments,
                  plugin_host::CallDone done, plugin_host::HostCommands& commands) override;
  void cancel_calls() override { http_.break_off(); }
  /// Nothing is left of requests when it returns.
  boost::asio::awaitable<void> end() { return http_.end(); }

  const HttpRecorder& recorder() const { return recorder_; }
  /// The first secret that could not be had: what was recorded without it is of no use.
  const std::optional<Error>& missing_secret() const { return missing_secret_; }

 private:
  Result<std::string> answer_secret(std::string_view what,
                                    const std::vector<std::string>& arguments);
  Result<std::string> value_of(const std::string& secret);
  Error miss(std::string why);
  Result<bool> fill(std::string& headers);
  void begin_http(const std::string& what, std::vector<std::string> arguments,
                  plugin_host::CallDone done);

  CasePermissions permissions_;
  HttpRecorder recorder_;
  std::optional<Error> missing_secret_ = {};
  plugin_host::HttpService http_;
};

}  // namespace ostler::cli
