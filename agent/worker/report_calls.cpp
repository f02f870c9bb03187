// SPDX-License-Identifier: Apache-2.0
#include "worker/report_calls.hpp"

#include <nlohmann/json.hpp>

#include "log/lines.hpp"
#include "plugin_host/report_call.hpp"
#include "supervise/message.hpp"
#include "wire/report_words.hpp"
#include "worker/redacted_json.hpp"
#include "worker/state_calls.hpp"
#include "worker/step_events.hpp"

namespace ostler::worker {
namespace {

constexpr std::size_t kLongestKeptReport = 100u << 10;  // bytes of its summary without secrets

Result<void> check_report(const JobContext& job, const std::string& name) {
  if (job.log.redacted(name) != name) {
    return Error(Errc::Denied, "the name of a report has a secret of the job in it");
  }
  if (job.reports < plugin_host::kMostReports) return success();
  return Error(Errc::UserFault, "the job has handed in 100 reports already");
}

/// Notes the report; what it says of tests without the secrets that they may have printed.
Result<std::string> tell_report(JobContext& job, const std::string& plugin, Report report) {
  report.summary = redacted_summary(job.log, report.summary);
  if (report.summary.size() > kLongestKeptReport) {
    return Error(Errc::UserFault, "the report " + report.name + " is longer than 100 KiB in short");
  }
  supervise::Event event = report_event(plugin, report);
  if (check_server_keeps(job, "events")) {
    job.link.post(std::move(event));
  } else {
    const auto data = nlohmann::json::parse(event.json, nullptr, false);
    job.log.line(log::comment("report " + wire::describe_report(data)));
  }
  return std::move(report.summary);
}

}  // namespace

void take_report(const Reporter& by, const std::string& method,
                 const std::vector<std::string>& arguments, plugin_host::CallDone done) {
  auto call = plugin_host::read_report_call(method, arguments);
  if (!call) return done(std::move(call).error());
  const plugin_host::ReportCall& asked = call.value();
  const auto may = check_report(by.job, asked.name);
  if (!may) return done(may.error());
  ++by.job.reports;
  plugin_host::summarize_report(
      asked,
      {by.job.host_program,
       {.directory = by.job.directory, .stop_signal = by.job.cancellation.signal()}},
      by.roots, by.commands,
      [&job = by.job, plugin = by.plugin, kind = asked.kind, name = asked.name,
       done](Result<std::string> summary) {
        if (summary)
          return done(tell_report(job, plugin, {kind, name, std::move(summary).value()}));
        done(Error(summary.error().code(), job.log.redacted(summary.error().message())));
      });
}

}  // namespace ostler::worker
