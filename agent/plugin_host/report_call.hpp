// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "plugin_host/host_commands.hpp"
#include "plugin_host/step_files.hpp"
#include "plugin_host/step_services.hpp"

namespace ostler::plugin_host {

/// What tests or tools have found, as a plugin hands it in.
struct ReportCall {
  std::string kind;  ///< "junit", "coverage", "sarif" or "table"
  std::string name;
  std::string content;  ///< path of its file; a table itself, JSON
};

/// Whether a plugin does so: "ostler.report/1/junit".
bool is_report_call(std::string_view method);
/// Requires: is_report_call().
/// Errors: UserFault; NotFound for a method that there is not.
Result<ReportCall> read_report_call(const std::string& method,
                                    const std::vector<std::string>& arguments);

/// Who reads the file of a report: `ostler-host job-report`, which stands there.
struct ReportReader {
  std::string host_program;
  CommandPlace place;
  std::chrono::seconds time_limit{60};  ///< to read one
};
/// `done` gets the report in short, as JSON. Errors: UserFault for what is no such report, and a
/// file that is not the plugin's; Timeout; Internal.
void summarize_report(const ReportCall& call, const ReportReader& reader, const StepRoots& roots,
                      HostCommands& commands, CallDone done);

/// A job hands in no more.
inline constexpr int kMostReports = 100;
/// What the program ends with that found no such report; why stands on its standard output.
inline constexpr int kNoSuchReport = 4;

}  // namespace ostler::plugin_host
