// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/case_step_services.hpp"
#include "cli/http_recorder.hpp"
#include "plugin_host/http_hops.hpp"
#include "plugin_host/http_service.hpp"

namespace ostler::cli {

/// The services of a step that is recorded for a case: HTTP to the real hosts that its manifest
/// names, and secrets whose values variables of this process have. Runs on: one thread.
class RecordingServices final : public CaseStepServices {
 public:
  RecordingServices(const boost::asio::any_io_executor& executor, plugin_host::JsonValue config,
                    const CasePermissions& permissions, const LocalRun& run,
                    std::optional<CaseJob> job);

  void cancel_calls() override;
  boost::asio::awaitable<void> end() override;

  const HttpRecorder& recorder() const { return recorder_; }
  /// The first secret that could not be had: what was recorded without it is of no use.
  const std::optional<Error>& missing_secret() const { return missing_secret_; }

 private:
  void begin_http(const std::string& what, std::vector<std::string> arguments,
                  plugin_host::CallDone done) override;
  Result<std::string> value_of_secret(const std::string& name) override;
  /// It may have come from a server: a new credential stays out of the record, too.
  Result<void> secret_set(const std::string& name, const std::string& value) override {
    return hide(name, value);
  }
  Result<void> hide(const std::string& name, const std::string& value);
  Error miss(std::string why);
  Result<bool> fill(std::string& headers);

  /// One of the plugin, over its redirects: each is an exchange of the record.
  struct Request {
    plugin_host::HttpHops hops;
    std::string idle;
    std::string file;  ///< of the body, as the plugin names it
    plugin_host::CallDone done;
  };
  Result<plugin_host::HttpHops> hops_of(std::vector<std::string> arguments) const;
  void send_hop(const std::shared_ptr<Request>& request);
  void take_hop(const std::shared_ptr<Request>& request, Result<std::string> found);

  plugin_host::HttpReach reach_;
  HttpRecorder recorder_;
  std::optional<Error> missing_secret_ = {};
  plugin_host::HttpService http_;
};

}  // namespace ostler::cli
