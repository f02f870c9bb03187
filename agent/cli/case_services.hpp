// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/case_step_services.hpp"
#include "cli/recorded_http.hpp"

namespace ostler::cli {

/// The services of a step in a case as it is played: recorded HTTP, and secrets that are their own
/// names. Runs on: one thread.
class CaseServices final : public CaseStepServices {
 public:
  CaseServices(const boost::asio::any_io_executor& executor, plugin_host::JsonValue config,
               const CasePermissions& permissions, const LocalRun& run, std::optional<CaseJob> job,
               std::vector<HttpExchange> exchanges)
      : CaseStepServices(executor, std::move(config), permissions, run, std::move(job)),
        http_(std::move(exchanges), {permissions.hosts, run.roots}, secrets(), run.tell) {}

  /// See RecordedHttp::unused.
  std::vector<std::string> unused_exchanges() const { return http_.unused(); }

 private:
  void begin_http(const std::string& what, std::vector<std::string> arguments,
                  plugin_host::CallDone done) override {
    done(http_.answer(what, std::move(arguments)));
  }
  Result<std::string> value_of_secret(const std::string& name) override { return name; }

  RecordedHttp http_;
};

}  // namespace ostler::cli
