// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/report_call.hpp"

#include <variant>

#include "plugin_host/report_table.hpp"

namespace ostler::plugin_host {
namespace {

constexpr std::string_view kReportMethods = "ostler.report/1/";
constexpr std::size_t kLongestReportName = 64;

bool is_report_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestReportName && name[0] >= 'a' && name[0] <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.-") == name.npos;
}

Result<std::string> summary_of_program(const Result<HostCommandEnd>& end, const std::string& kind) {
  if (!end && end.error().code() == Errc::Timeout) {
    return Error(Errc::Timeout, "the report could not be read in time; hand in a smaller one");
  }
  OSTLER_TRY(const HostCommandEnd& ended, end);
  const auto* exited = std::get_if<process::Exited>(&ended.status);
  if (exited != nullptr && exited->code == 0) return ended.output;
  if (exited == nullptr || exited->code != kNoSuchReport) {
    return Error(Errc::Internal, "the report could not be read; the log may say why");
  }
  return Error(Errc::UserFault, "no " + kind + " report: " + ended.output);
}

}  // namespace

bool is_report_call(std::string_view method) { return method.starts_with(kReportMethods); }

Result<ReportCall> read_report_call(const std::string& method,
                                    const std::vector<std::string>& arguments) {
  const std::string kind = method.substr(kReportMethods.size());
  if (kind != "junit" && kind != "coverage" && kind != "sarif" && kind != "table") {
    return Error(Errc::NotFound, "this host has no call " + method);
  }
  if (arguments.size() != 2) {
    return Error(Errc::UserFault,
                 method + " takes 2 arguments, not " + std::to_string(arguments.size()));
  }
  if (is_report_name(arguments[0])) return ReportCall{kind, arguments[0], arguments[1]};
  return Error(Errc::UserFault,
               "the name of a report is [a-z][a-z0-9_.-]*, at most 64 bytes: " + arguments[0]);
}

void summarize_report(const ReportCall& call, const ReportReader& reader, const StepRoots& roots,
                      HostCommands& commands, CallDone done) {
  if (call.kind == "table") return done(checked_table(call.content));
  auto file = open_readable_file(roots, call.content);
  if (!file) return done(std::move(file).error());
  HostCommand command;
  command.arguments = {reader.host_program, "job-report", call.kind};
  command.input_file = std::move(file).value();
  command.is_ours = true;
  command.is_captured = true;
  command.time_limit = reader.time_limit;
  // One after the other: a reader takes much more memory than its report. It needs no variable of
  // the job, and should not have its token.
  commands.start_in_turn(std::move(command), reader.place,
                         [kind = call.kind, done](const Result<HostCommandEnd>& end) {
                           done(summary_of_program(end, kind));
                         });
}

}  // namespace ostler::plugin_host
