// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>

#include "cli/build_commands.hpp"
#include "cli/build_finder.hpp"
#include "cli/failure_report.hpp"
#include "cli/hub_session.hpp"
#include "cli/log_printer.hpp"
#include "cli/options.hpp"
#include "console/job_words.hpp"

namespace ostler::cli {
namespace {

using Jobs = std::vector<const wire::RestJobAnswer*>;

constexpr const char* kJobLogExamples =
    "Examples:\n"
    "  ostler job log app/42 --step test\n"
    "  ostler job log app/42 --step test --follow\n"
    "  ostler job log 0192f1e7-5a1c-7000-8000-00000000000a | less -R\n";
constexpr const char* kBuildLogExamples =
    "Examples:\n"
    "  ostler build log               the newest build of this branch\n"
    "  ostler build log app/42 | grep -i error\n";

/// The jobs that run commands, in the order of the pipeline.
Jobs jobs_with_logs(const wire::RestBuildAnswer& build) {
  Jobs jobs;
  for (const wire::RestJobAnswer& job : build.jobs) {
    if (job.type == "script") jobs.push_back(&job);
  }
  return jobs;
}

Error which_job(const FoundBuild& found, const Jobs& jobs, const std::string& why) {
  std::string message = why + "; one of:";
  for (const wire::RestJobAnswer* job : jobs) {
    message += "\n  " + log_command(found.build, *job) + "  (" + console::job_title(*job) + ")";
  }
  return Error(Errc::UserFault, message);
}

bool is_meant(const FoundBuild& found, const std::string& step, const wire::RestJobAnswer& job) {
  if (!found.job.empty()) return job.id == found.job;
  return step.empty() || job.step_key == step || job.name == step;
}

/// The one job that is meant. Errors: UserFault, with the jobs to choose from.
Result<const wire::RestJobAnswer*> choose_job(const FoundBuild& found, const std::string& step) {
  const Jobs all = jobs_with_logs(found.build);
  Jobs meant;
  std::ranges::copy_if(all, std::back_inserter(meant),
                       [&](const wire::RestJobAnswer* job) { return is_meant(found, step, *job); });
  if (meant.size() == 1) return meant[0];
  if (!meant.empty()) return which_job(found, meant, "several jobs of this build are meant");
  if (!found.job.empty()) {
    return Error(Errc::UserFault, "this build has no log of a job with the id " + found.job);
  }
  if (all.empty()) return Error(Errc::UserFault, "this build has no jobs with a log");
  return which_job(found, all, "this build has no job with the key or label \"" + step + "\"");
}

Result<int> print_job_log(HubClient& hub, const BuildCommandOptions& options,
                          const std::string& step, bool follows) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.reference));
  OSTLER_TRY(const wire::RestJobAnswer* const job, choose_job(found, step));
  LogPrinter printer;
  OSTLER_TRY(follows ? printer.follow(hub, job->id) : printer.print(hub, job->id));
  return kExitOk;
}

Result<int> print_build_log(HubClient& hub, const BuildCommandOptions& options) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.reference));
  LogPrinter printer;
  for (const wire::RestJobAnswer* job : jobs_with_logs(found.build)) {
    if (!job->started_at) continue;
    printer.print_title("==> " + console::job_title(*job));
    OSTLER_TRY(printer.print(hub, job->id));
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
