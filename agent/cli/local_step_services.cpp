// SPDX-License-Identifier: Apache-2.0
#include "cli/local_step_services.hpp"

#include "cli/case_calls.hpp"

namespace ostler::cli {

using plugin_host::CallDone;
using plugin_host::HttpService;

LocalStepServices::LocalStepServices(const boost::asio::any_io_executor& executor, std::string self,
                                     plugin_host::JsonValue config, std::vector<std::string> hosts,
                                     std::optional<LocalState> state)
    : StepServices(std::move(config), environment::variables_of_process()),
      has_hosts_(!hosts.empty()),
      state_(std::move(state)),
      http_(executor, std::move(self), entries_of_process(), std::move(hosts)) {}

std::vector<std::string> LocalStepServices::more_ids() const {
  std::vector<std::string> ids;
  if (has_hosts_) ids.emplace_back("ostler.http/1");
  if (state_) ids.emplace_back("ostler.state/1");
  return ids;
}

void LocalStepServices::begin_call(const std::string& method, std::vector<std::string> arguments,
                                   CallDone done, plugin_host::HostCommands&) {
  if (state_ && LocalState::is_call(method)) return done(state_->answer(method, arguments));
  const std::string what = method.substr(method.rfind('/') + 1);
  const auto fits = HttpService::check(what, arguments);
  if (!fits) return done(fits.error());
  const bool is_send = what == "send";
  if (is_send && arguments[plugin_host::kHttpHeaders].find("{secret:") != std::string::npos) {
    return done(Error(Errc::Denied, "outside a build there are no secrets to put into headers"));
  }
  http_.begin(what, std::move(arguments), false, std::move(done));
}

}  // namespace ostler::cli
