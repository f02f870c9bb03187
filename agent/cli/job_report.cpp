// SPDX-License-Identifier: Apache-2.0
#include "cli/exit.hpp"
#include "cli/job_command.hpp"
#include "cli/run_functions.hpp"
#include "files/file.hpp"
#include "plugin_host/report_call.hpp"
#include "report/report.hpp"

namespace ostler::cli {
namespace {

Result<std::string> summarize_input(const std::string& kind) {
  auto text = files::read_file("/dev/stdin", report::kLongestReport);
  if (text) return report::summarize(kind, text.value());
  if (text.error().code() != Errc::UserFault) return text.error();
  return Error(Errc::UserFault,
               "it is longer than " + std::to_string(report::kLongestReport >> 20) + " MiB");
}

}  // namespace

// Started by the worker for a step plugin: the kind of a report in, its file is standard input; its
// summary goes to standard output, or why the file is none.
int run_job_report(const Arguments& words) {
  if (words.size() != 1) {
    return fail(Error(Errc::UserFault, "job-report is started by the worker of a job"));
  }
  const auto summary = summarize_input(words[0]);
  if (summary) print(summary.value());
  if (summary) return kExitOk;
  if (summary.error().code() != Errc::UserFault) return fail(summary.error());
  print(summary.error().message());
  return plugin_host::kNoSuchReport;
}

}  // namespace ostler::cli
