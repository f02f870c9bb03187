// SPDX-License-Identifier: Apache-2.0
#include "cli/local_services.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "plugin_host/lock_call.hpp"
#include "plugin_host/metric_call.hpp"
#include "plugin_host/report_call.hpp"
#include "wire/report_words.hpp"

namespace ostler::cli {

using plugin_host::CallDone;

namespace {

constexpr std::string_view kListenerCalls = "ostler.listener/1/";
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

LocalState state_of(const std::filesystem::path& kept, const std::string& plugin) {
  return {kept / "plugin-values", plugin};
}

LocalServices::LocalServices(const boost::asio::any_io_executor& executor, LocalRun run)
    : run_(std::move(run)),
      state_(state_of(run_.kept, run_.plugin)),
      locks_(executor, run_.kept / "plugin-locks", run_.tell) {}

bool LocalServices::has(std::string_view service) const {
  return std::ranges::find(run_.services, service) != run_.services.end();
}

std::vector<std::string> LocalServices::ids() const {
  std::vector<std::string> ids;
  for (const std::string& service : run_.services) {
    if (is_local(service)) ids.push_back("ostler." + service + "/1");
  }
  return ids;
}

bool LocalServices::is_call(std::string_view method) const {
  return std::ranges::any_of(ids(),
                             [&](const std::string& id) { return method.starts_with(id + "/"); });
}

void LocalServices::begin(const std::string& method, const std::vector<std::string>& arguments,
                          CallDone done, plugin_host::HostCommands& commands) {
  if (LocalState::is_call(method)) return done(state_.answer(method, arguments));
  if (plugin_host::is_lock_call(method)) return locks_.begin(method, arguments, std::move(done));
  if (plugin_host::is_metric_call(method)) return done(tell_metric(method, arguments));
  if (plugin_host::is_report_call(method)) return take_report(method, arguments, done, commands);
  done(listeners_.answer(method.substr(kListenerCalls.size()), arguments));
}

Result<std::string> LocalServices::tell_metric(const std::string& method,
                                               const std::vector<std::string>& arguments) {
  OSTLER_TRY(const auto metric, plugin_host::read_metric_call(method, arguments));
  if (metrics_ == plugin_host::kMostMetrics) {
    return Error(Errc::UserFault, "the run has told 500 metrics already; tell sums");
  }
  ++metrics_;
  run_.tell(describe(metric));
  return std::string();
}

void LocalServices::take_report(const std::string& method,
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

}  // namespace ostler::cli
