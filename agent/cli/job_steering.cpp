// SPDX-License-Identifier: Apache-2.0
// `ostler job cancel|env|why`.
#include <CLI/CLI.hpp>

#include "cli/build_commands.hpp"
#include "cli/build_finder.hpp"
#include "cli/hub_session.hpp"
#include "cli/job_choice.hpp"
#include "cli/options.hpp"
#include "console/job_words.hpp"
#include "console/plain_text.hpp"
#include "wire/rest_job.hpp"
#include "wire/rest_why.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kCancelJobExamples =
    "Examples:\n"
    "  ostler job cancel app/42 --step test\n"
    "  ostler job cancel 0192f1e7-5a1c-7000-8000-00000000000a\n";
constexpr const char* kEnvExamples =
    "Examples:\n"
    "  ostler job env app/42 --step test\n"
    "  ostler job env app/42 --step test --json | jq -r .env.BUILDKITE_BRANCH\n";
constexpr const char* kWhyExamples =
    "Examples:\n"
    "  ostler job why                    the jobs of the newest build that do not run\n"
    "  ostler job why app/42 --step test\n";

struct JobOptions {
  BuildCommandOptions build;
  std::string step;
};

console::Terminal output() { return console::Terminal::of_standard_output(); }

Result<int> cancel(HubClient& hub, const JobOptions& options) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.build.reference));
  OSTLER_TRY(const auto job, choose_job(found, options.step, "job cancel"));
  OSTLER_TRY(const auto answer, hub.ask("PUT", "/jobs/" + job + "/cancel"));
  OSTLER_TRY(const auto now, wire::decode_rest_job(answer));
  output().print_line(options.build.as_json
                          ? answer
                          : console::plain_line(console::job_title(now)) + " is " + now.state);
  return kExitOk;
}

Result<int> print_env(HubClient& hub, const JobOptions& options) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.build.reference));
  OSTLER_TRY(const auto job, choose_job(found, options.step, "job env"));
  OSTLER_TRY(const auto answer, hub.ask("GET", "/jobs/" + job + "/env"));
  if (options.build.as_json) {
    output().print_line(answer);
    return kExitOk;
  }
  OSTLER_TRY(const auto env, wire::decode_rest_job_env(answer));
  for (const auto& [name, value] : env) {
    const bool has_lines = value.find('\n') != value.npos;
    output().print_line(console::plain_line(name + "=" + value) + (has_lines ? " …" : ""));
  }
  return kExitOk;
}

/// Those that have not begun and still may, and those that never will.
std::vector<std::string> unexplained_jobs(const wire::RestBuildAnswer& build) {
  std::vector<std::string> ids;
  for (const wire::RestJobAnswer& job : build.jobs) {
    const bool waits = job.progress == wire::RestJobProgress::Waiting;
    const bool is_gate = job.progress == wire::RestJobProgress::Blocked;
    const bool never_ran = job.state == "waiting_failed";
    const bool runs = job.type == "script" || job.type == "trigger";
    const bool is_open_trigger = job.type == "trigger" && job.state == "running";
    if ((runs && (waits || never_ran)) || is_open_trigger || is_gate) ids.push_back(job.id);
  }
  return ids;
}

Result<void> explain(HubClient& hub, const std::string& job, bool as_json) {
  OSTLER_TRY(const auto answer, hub.ask("GET", "/jobs/" + job + "/why"));
  if (as_json) {
    output().print_line(answer);
    return success();
  }
  OSTLER_TRY(const auto why, wire::decode_rest_why(answer));
  output().print_line(output().styled(console::plain_line(why.name), console::Style::Bold) + "  " +
                      console::plain_line(why.state));
  for (const auto& reason : why.reasons) {
    output().print_line("  " + console::plain_line(reason.message));
  }
  return success();
}

Result<int> explain_jobs(HubClient& hub, const JobOptions& options) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.build.reference));
  std::vector<std::string> jobs;
  if (!options.step.empty() || !found.job.empty()) {
    OSTLER_TRY(jobs.emplace_back(), choose_job(found, options.step, "job why"));
  } else {
    jobs = unexplained_jobs(found.build);
  }
  if (jobs.empty()) output().print_line("no job of this build waits");
  for (const std::string& job : jobs) {
    OSTLER_TRY(explain(hub, job, options.build.as_json));
  }
  return kExitOk;
}

int run_about_job(const Arguments& arguments, CLI::App& app,
                  Result<int> (*command)(HubClient&, const JobOptions&)) {
  JobOptions options;
  options.build.add_to(app);
  options.build.add_json_to(app);
  app.add_option("--step", options.step, "Key or label of the job, when a build is given");
  if (const auto ended = read_options(app, arguments)) return *ended;
  return run_at_hub(options.build.client, [&](HubClient& hub) { return command(hub, options); });
}

}  // namespace

int run_job_cancel(const Arguments& arguments) {
  CLI::App app("Cancels one job of a build", "job cancel");
  app.footer(kCancelJobExamples);
  return run_about_job(arguments, app, cancel);
}

int run_job_env(const Arguments& arguments) {
  CLI::App app("Prints the environment that the hub gives a job", "job env");
  app.footer(kEnvExamples);
  return run_about_job(arguments, app, print_env);
}

int run_job_why(const Arguments& arguments) {
  CLI::App app("Says why jobs do not run: what they wait for, and the agent that comes nearest",
               "job why");
  app.footer(kWhyExamples);
  return run_about_job(arguments, app, explain_jobs);
}

}  // namespace ostler::cli
