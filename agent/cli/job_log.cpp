// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/build_commands.hpp"
#include "cli/build_finder.hpp"
#include "cli/hub_session.hpp"
#include "cli/job_choice.hpp"
#include "cli/log_printer.hpp"
#include "cli/options.hpp"
#include "console/job_words.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kJobLogExamples =
    "Examples:\n"
    "  ostler job log                 what failed first in the newest build, or what runs\n"
    "  ostler job log app/42 --step test\n"
    "  ostler job log app/42 --step test --follow\n"
    "  ostler job log 0192f1e7-5a1c-7000-8000-00000000000a | less -R\n";
constexpr const char* kBuildLogExamples =
    "Examples:\n"
    "  ostler build log               the newest build of this branch\n"
    "  ostler build log app/42 | grep -i error\n";

Result<int> print_job_log(HubClient& hub, const BuildCommandOptions& options,
                          const std::string& step, bool follows) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.reference));
  OSTLER_TRY(const std::string job, choose_job(found, step, JobPurpose::Read, "job log"));
  LogPrinter printer;
  OSTLER_TRY(follows ? printer.follow(hub, job) : printer.print(hub, job));
  return kExitOk;
}

Result<int> print_build_log(HubClient& hub, const BuildCommandOptions& options) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.reference));
  LogPrinter printer;
  for (const wire::RestJobAnswer& job : found.build.jobs) {
    if (job.type != "script" || !job.started_at) continue;
    printer.print_title("==> " + console::job_title(job));
    OSTLER_TRY(printer.print(hub, job.id));
  }
  return kExitOk;
}

}  // namespace

int run_job_log(const Arguments& arguments) {
  BuildCommandOptions options;
  std::string step;
  bool follows = false;
  CLI::App app("Prints the log of a job, without time-stamps; colours on a terminal only",
               "job log");
  options.add_to(app);
  app.add_option("--step", step, "Key or label of the job, when a build is given");
  app.add_flag("--follow,-f", follows, "Go on with what comes until the log is complete");
  app.footer(kJobLogExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client,
                    [&](HubClient& hub) { return print_job_log(hub, options, step, follows); });
}

int run_build_log(const Arguments& arguments) {
  BuildCommandOptions options;
  CLI::App app("Prints the logs of all jobs of a build that have begun", "build log");
  options.add_to(app);
  app.footer(kBuildLogExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.client, [&](HubClient& hub) { return print_build_log(hub, options); });
}

}  // namespace ostler::cli
