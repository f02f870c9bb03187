// SPDX-License-Identifier: Apache-2.0
#include "worker/report_calls.hpp"

#include <functional>
#include <nlohmann/json.hpp>

#include "log/lines.hpp"
#include "report/report.hpp"
#include "supervise/message.hpp"
#include "wire/report_words.hpp"
#include "worker/job_result.hpp"
#include "worker/redacted_json.hpp"
#include "worker/report_table.hpp"
#include "worker/state_calls.hpp"
#include "worker/step_events.hpp"

namespace ostler::worker {
namespace {

using plugin_host::HostCommand;
using plugin_host::HostCommandEnd;

constexpr std::string_view kReportMethods = "ostler.report/1/";
constexpr int kMostReports = 100;
constexpr std::size_t kLongestReportName = 64;
constexpr std::size_t kLongestKeptReport = 100u << 10;  // bytes of its summary without secrets
constexpr std::chrono::seconds kReportTime{60};         // to read one

bool is_report_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestReportName && name[0] >= 'a' && name[0] <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.-") == name.npos;
}

Result<void> check_report(const JobContext& job, const std::string& method, const std::string& kind,
                          const std::vector<std::string>& arguments) {
  if (kind != "junit" && kind != "coverage" && kind != "sarif" && kind != "table") {
    return Error(Errc::NotFound, "this host has no call " + method);
  }
  if (arguments.size() != 2) {
    return Error(Errc::UserFault,
                 method + " takes 2 arguments, not " + std::to_string(arguments.size()));
  }
  const std::string& name = arguments[0];
  if (!is_report_name(name)) {
    return Error(Errc::UserFault,
                 "the name of a report is [a-z][a-z0-9_.-]*, at most 64 bytes: " + name);
  }
  if (job.log.redacted(name) != name) {
    return Error(Errc::Denied, "the name of a report has a secret of the job in it");
  }
  if (job.reports < kMostReports) return success();
  return Error(Errc::UserFault, "the job has handed in 100 reports already");
}

/// Notes the report; what it says of tests without the secrets that they may have printed.
Result<std::string> tell_report(JobContext& job, const std::string& plugin, Report report) {
  report.summary = redacted_json(job.log, report.summary);
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

Result<std::string> summary_of_program(JobContext& job, const Result<HostCommandEnd>& end,
                                       const std::string& kind) {
  OSTLER_TRY(const HostCommandEnd& ended, end);
  if (ended.is_late) return Error(Errc::Timeout, "the report could not be read within a minute");
  const int status = exit_status_of(ended.status);
  if (status == 0) return ended.output;
  if (status != report::kNoSuchReport) {
    return Error(Errc::Internal, "the report could not be read; the log of the job may say why");
  }
  return Error(Errc::UserFault, "no " + kind + " report: " + job.log.redacted(ended.output));
}

using TellSummary = std::function<void(Result<std::string>)>;

void read_report(const Reporter& by, const std::string& kind, const std::string& path,
                 const TellSummary& tell) {
  auto file = open_readable_file(by.roots, path);
  if (!file) return tell(std::move(file).error());
  HostCommand command;
  command.arguments = {by.job.host_program, "job-report", kind};
  command.input_file = std::move(file).value();
  command.is_captured = true;
  command.time_limit = kReportTime;
  // It needs no variable of the job, and should not have its token.
  const auto started = by.commands.start(
      std::move(command),
      {.directory = by.job.directory, .stop_signal = by.job.cancellation.signal()}, {},
      [&job = by.job, kind, tell](const Result<HostCommandEnd>& end) {
        tell(summary_of_program(job, end, kind));
      });
  if (!started) tell(started.error());
}

}  // namespace

bool is_report_call(std::string_view method) { return method.starts_with(kReportMethods); }

void take_report(const Reporter& by, const std::string& method,
                 const std::vector<std::string>& arguments, plugin_host::CallDone done) {
  const std::string kind = method.substr(kReportMethods.size());
  const auto fits = check_report(by.job, method, kind, arguments);
  if (!fits) return done(fits.error());
  const auto tell = [&job = by.job, plugin = by.plugin, kind, name = arguments[0],
                     done](Result<std::string> summary) {
    if (!summary) return done(std::move(summary).error());
    done(tell_report(job, plugin, {kind, name, std::move(summary).value()}));
  };
  ++by.job.reports;
  if (kind == "table") return tell(checked_table(arguments[1]));
  read_report(by, kind, arguments[1], tell);
}

}  // namespace ostler::worker
