// SPDX-License-Identifier: Apache-2.0
#include "cli/local_step_services.hpp"

#include "cli/local_calls.hpp"
#include "plugin_host/http_secrets.hpp"

namespace ostler::cli {

using plugin_host::CallDone;
using plugin_host::HttpService;

namespace {

constexpr std::string_view kServiceCalls = "ostler.service/1/";

}  // namespace

LocalStepServices::LocalStepServices(const boost::asio::any_io_executor& executor,
                                     plugin_host::JsonValue config, const LocalRun& run,
                                     std::vector<std::string> hosts)
    : StepServices(std::move(config), environment::variables_of_process()),
      plugin_(run.plugin),
      has_hosts_(!hosts.empty()),
      local_(executor, run),
      http_(executor, run.self, entries_of_process(), {std::move(hosts), run.roots}) {}

std::vector<std::string> LocalStepServices::more_ids() const {
  std::vector<std::string> ids = local_.ids();
  if (has_hosts_) ids.emplace_back("ostler.http/1");
  if (local_.has("service")) ids.emplace_back("ostler.service/1");
  return ids;
}

void LocalStepServices::begin_call(const std::string& method, std::vector<std::string> arguments,
                                   CallDone done, plugin_host::HostCommands& commands) {
  if (local_.is_call(method)) return local_.begin(method, arguments, std::move(done), commands);
  if (method.starts_with(kServiceCalls) && local_.has("service")) {
    return done(Error(Errc::Unavailable,
                      "a service outlives the job of an agent, and here is none: run the step in "
                      "a pipeline, on `ostler up --plugin-services " +
                          plugin_ + "`"));
  }
  if (method.starts_with(kHttpCalls) && has_hosts_) {
    return begin_http(method.substr(kHttpCalls.size()), std::move(arguments), std::move(done));
  }
  StepServices::begin_call(method, std::move(arguments), std::move(done), commands);
}

void LocalStepServices::begin_http(const std::string& what, std::vector<std::string> arguments,
                                   CallDone done) {
  const auto fits = HttpService::check(what, arguments);
  if (!fits) return done(fits.error());
  const bool has_secret = what == "send" && arguments[plugin_host::kHttpHeaders].find(
                                                plugin_host::kSecretBegin) != std::string::npos;
  if (has_secret) {
    return done(Error(Errc::Denied, "outside a build there are no secrets to put into headers"));
  }
  http_.begin(what, std::move(arguments), false, std::move(done));
}

std::vector<std::string> LocalStepServices::command_environment(
    plugin_host::CommandProfile profile) const {
  auto entries = StepServices::command_environment(profile);
  for (auto& entry : local_.listeners().variables()) entries.push_back(std::move(entry));
  return entries;
}

void LocalStepServices::cancel_calls() {
  http_.break_off();
  local_.break_off();
}

boost::asio::awaitable<void> LocalStepServices::end() {
  co_await local_.end();
  co_await http_.end();
}

}  // namespace ostler::cli
