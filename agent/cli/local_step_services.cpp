// SPDX-License-Identifier: Apache-2.0
#include "cli/local_step_services.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/local_calls.hpp"
#include "plugin_host/http_secrets.hpp"
#include "plugin_host/lock_call.hpp"
#include "plugin_host/metric_call.hpp"
#include "plugin_host/report_call.hpp"
#include "wire/report_words.hpp"

namespace ostler::cli {

using plugin_host::CallDone;
using plugin_host::HttpService;

namespace {

constexpr std::string_view kLocalListener = "ostler.listener/1/";
constexpr std::string_view kLocalService = "ostler.service/1/";
constexpr std::string_view kLocalServices[] = {"listener", "lock", "metric", "report", "state"};

bool is_local(std::string_view service) {
  return std::ranges::find(kLocalServices, service) != std::end(kLocalServices);
}

nlohmann::json report_of(const plugin_host::ReportCall& call, const std::string& summary) {
  return {{"kind", call.kind},
          {"name", call.name},
          {"summary", nlohmann::json::parse(summary, nullptr, false)}};
}

}  // namespace

std::vector<std::string> services_of_jobs_alone(const std::vector<std::string>& services) {
  std::vector<std::string> absent = services;
  std::erase_if(absent, is_local);
  return absent;
}

LocalStepServices::LocalStepServices(const boost::asio::any_io_executor& executor,
                                     plugin_host::JsonValue config, LocalRun run)
    : StepServices(std::move(config), environment::variables_of_process()),
      run_(std::move(run)),
      state_(run_.kept / "plugin-values", run_.plugin),
      locks_(executor, run_.kept / "plugin-locks", run_.tell),
      http_(executor, run_.self, entries_of_process(), run_.hosts) {}

bool LocalStepServices::has(std::string_view service) const {
  return std::ranges::find(run_.services, service) != run_.services.end();
}

std::vector<std::string> LocalStepServices::more_ids() const {
  std::vector<std::string> ids;
  if (!run_.hosts.empty()) ids.emplace_back("ostler.http/1");
  for (const std::string& service : run_.services) {
    if (is_local(service) || service == "service") ids.push_back("ostler." + service + "/1");
  }
  return ids;
}

void LocalStepServices::begin_call(const std::string& method, std::vector<std::string> arguments,
                                   CallDone done, plugin_host::HostCommands& commands) {
  if (LocalState::is_call(method) && has("state")) return done(state_.answer(method, arguments));
  if (plugin_host::is_lock_call(method) && has("lock")) {
    return locks_.begin(method, arguments, std::move(done));
  }
  if (plugin_host::is_metric_call(method) && has("metric")) {
    return done(tell_metric(method, arguments));
  }
  if (plugin_host::is_report_call(method) && has("report")) {
    return take_report(method, arguments, done, commands);
  }
  if (method.starts_with(kLocalListener) && has("listener")) {
    return done(listeners_.answer(method.substr(kLocalListener.size()), arguments));
  }
  if (method.starts_with(kLocalService) && has("service")) {
    return done(Error(Errc::Unavailable,
                      "a service outlives the job of an agent, and here is none: run the step in "
                      "a pipeline, on `ostler up --plugin-services " +
                          run_.plugin + "`"));
  }
  if (method.starts_with(kHttpCalls) && !run_.hosts.empty()) {
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

Result<std::string> LocalStepServices::tell_metric(const std::string& method,
                                                   const std::vector<std::string>& arguments) {
  OSTLER_TRY(const auto metric, plugin_host::read_metric_call(method, arguments));
  if (metrics_ == plugin_host::kMostMetrics) {
    return Error(Errc::UserFault, "the run has told 500 metrics already; tell sums");
  }
  ++metrics_;
  run_.tell(describe(metric));
  return std::string();
}

void LocalStepServices::take_report(const std::string& method,
                                    const std::vector<std::string>& arguments, const CallDone& done,
                                    plugin_host::HostCommands& commands) {
  const auto call = plugin_host::read_report_call(method, arguments);
  if (!call) return done(call.error());
  if (reports_ == plugin_host::kMostReports) {
    return done(Error(Errc::UserFault, "the run has handed in 100 reports already"));
  }
  ++reports_;
  const plugin_host::ReportReader reader{run_.self, {.directory = run_.directory}};
  plugin_host::summarize_report(
      call.value(), reader, run_.roots, commands,
      [tell = run_.tell, call = call.value(), done](Result<std::string> summary) {
        if (summary) tell("report " + wire::describe_report(report_of(call, summary.value())));
        done(std::move(summary));
      });
}

std::vector<std::string> LocalStepServices::command_environment(
    plugin_host::CommandProfile profile) const {
  auto entries = StepServices::command_environment(profile);
  for (auto& entry : listeners_.variables()) entries.push_back(std::move(entry));
  return entries;
}

void LocalStepServices::cancel_calls() {
  http_.break_off();
  locks_.break_off();
}

boost::asio::awaitable<void> LocalStepServices::end() {
  co_await locks_.end();
  co_await http_.end();
}

}  // namespace ostler::cli
