// SPDX-License-Identifier: Apache-2.0
// `ostler job cancel|env|shell-command|why`.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <map>

#include "base/split_lines.hpp"
#include "cli/build_commands.hpp"
#include "cli/build_finder.hpp"
#include "cli/build_to_change.hpp"
#include "cli/hub_session.hpp"
#include "cli/job_choice.hpp"
#include "cli/options.hpp"
#include "cli/wait_report.hpp"
#include "console/build_page.hpp"
#include "console/job_words.hpp"
#include "console/plain_text.hpp"
#include "environment/shell_words.hpp"
#include "wire/rest_job.hpp"
#include "wire/rest_job_titles.hpp"
#include "wire/rest_why.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kCancelJobExamples =
    "Examples:\n"
    "  ostler job cancel                 the only job that is not over in the newest build\n"
    "  ostler job cancel app/42 --step test\n"
    "  ostler job cancel 0192f1e7-5a1c-7000-8000-00000000000a\n";
constexpr const char* kEnvExamples =
    "Examples:\n"
    "  ostler job env                    of what failed first in the newest build\n"
    "  ostler job env app/42 --step test\n"
    "  ostler job env app/42 --step test --json | jq -r .env.BUILDKITE_BRANCH\n";
constexpr const char* kShellCommandExamples =
    "Examples:\n"
    "  ostler job shell-command app/42 --step test\n"
    "  ostler job shell-command app/42 --step test | sh     in a clone of the repository\n"
    "Checkout, hooks, plugins and secrets are not in it; \"ostler run --from-build\" has them.\n";
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
  OSTLER_TRY(const auto found, find_build_to_change(hub, options.build.reference, "job cancel"));
  OSTLER_TRY(const auto job, choose_job(found, options.step, JobPurpose::Cancel, "job cancel"));
  const auto answer = hub.ask("PUT", "/jobs/" + job + "/cancel");
  if (!answer) {
    return with_next_step(answer.error(), "\"ostler build show " +
                                              console::build_name(found.build) +
                                              "\" shows which jobs are not over");
  }
  OSTLER_TRY(const auto now, wire::decode_rest_job(answer.value()));
  output().print_line(options.build.as_json
                          ? answer.value()
                          : console::job_title_in(found.build, job, console::job_title(now)) +
                                " is " + now.state);
  return kExitOk;
}

Result<int> print_env(HubClient& hub, const JobOptions& options) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.build.reference));
  OSTLER_TRY(const auto job, choose_job(found, options.step, JobPurpose::Read, "job env"));
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

/// What a shell can be told to set.
bool is_variable(std::string_view name) {
  const auto is_part = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::ranges::all_of(name, is_part);
}

/// A script for sh that runs the command of a job with its environment.
std::string shell_script(const std::string& title,
                         const std::map<std::string, std::string>& environment) {
  std::string script = "#!/bin/sh\n# " + title + "\n";
  for (const auto& [name, value] : environment) {
    if (!is_variable(name)) continue;
    script += "export " + name + "=" + environment::shell_quoted(value) + "\n";
  }
  const auto command = environment.find("BUILDKITE_COMMAND");
  return script + "exec ${BUILDKITE_SHELL:-/bin/bash -e -c} " +
         environment::shell_quoted(command == environment.end() ? "" : command->second);
}

Result<int> print_shell_command(HubClient& hub, const JobOptions& options) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.build.reference));
  OSTLER_TRY(const auto id, choose_job(found, options.step, JobPurpose::Read, "job shell-command"));
  OSTLER_TRY(const auto job, hub.job(id));
  if (job.type != "script") {
    return Error(Errc::UserFault, console::job_title(job) + " has no command");
  }
  OSTLER_TRY(const auto answer, hub.ask("GET", "/jobs/" + id + "/env"));
  OSTLER_TRY(const auto environment, wire::decode_rest_job_env(answer));
  const std::string script = shell_script(
      console::job_title(job) + " of " + console::build_name(found.build), environment);
  // What a terminal shows must not steer it; what a shell reads must be as it is.
  const bool is_shown = ::isatty(STDOUT_FILENO) == 1;
  output().print_line(is_shown ? console::plain_lines(script) : script);
  return kExitOk;
}

/// What the hub answers for the first of jobs that wait for the same; the others are told the same.
void print_answers(const std::string& answer, wire::RestWhy why, const AlikeJobs& jobs) {
  output().print_line(answer);
  for (auto job = jobs.begin() + 1; job != jobs.end(); ++job) {
    const std::string words = wire::rest_job_words(**job);
    why.job = (*job)->id;
    why.name = words.empty() ? why.job : words.substr(0, words.find('\n'));
    output().print_line(encode(why));
  }
}

void print_reasons(const wire::RestWhy& why, const AlikeJobs& jobs) {
  for (const wire::RestJobAnswer* job : jobs) {
    output().print_line(output().styled(console::job_title(*job), console::Style::Bold) + "  " +
                        console::plain_line(why.state));
  }
  for (const auto& reason : why.reasons) {
    for (const std::string& line : split_lines(console::plain_lines(reason.message))) {
      output().print_line("  " + line);
    }
  }
}

Result<void> explain(HubClient& hub, AlikeJobs jobs, bool as_json) {
  while (!jobs.empty()) {
    OSTLER_TRY(const auto answer, hub.ask("GET", "/jobs/" + jobs.front()->id + "/why"));
    OSTLER_TRY(const auto why, wire::decode_rest_why(answer));
    // One that has gone on since they were read says nothing of the others; what goes before one
    // goes before those behind it as well, which is not all that a program wants to know.
    const bool is_first_alone =
        why.state != jobs.front()->state || (as_json && is_held_back(*jobs.front()));
    const auto end = is_first_alone ? jobs.begin() + 1 : jobs.end();
    const AlikeJobs told(jobs.begin(), end);
    if (as_json) {
      print_answers(answer, why, told);
    } else {
      print_reasons(why, told);
    }
    jobs.erase(jobs.begin(), end);
  }
  return success();
}

Result<int> explain_job(HubClient& hub, const FoundBuild& found, const JobOptions& options) {
  OSTLER_TRY(const auto id, choose_job(found, options.step, JobPurpose::Explain, "job why"));
  const auto listed = std::ranges::find(found.build.jobs, id, &wire::RestJobAnswer::id);
  wire::RestJobAnswer job;
  if (listed == found.build.jobs.end()) {
    OSTLER_TRY(job, hub.job(id));
  } else {
    job = *listed;
  }
  OSTLER_TRY(explain(hub, {&job}, options.build.as_json));
  return kExitOk;
}

Result<int> explain_jobs(HubClient& hub, const JobOptions& options) {
  OSTLER_TRY(const auto found, BuildFinder(hub, ".").find(options.build.reference));
  if (!options.step.empty() || !found.job.empty()) return explain_job(hub, found, options);
  const auto waiting = alike_jobs(unexplained_jobs(found.build));
  if (waiting.empty()) output().print_line("no job of this build waits");
  for (const AlikeJobs& jobs : waiting) {
    OSTLER_TRY(explain(hub, jobs, options.build.as_json));
  }
  return kExitOk;
}

using AboutJob = Result<int> (*)(HubClient&, const JobOptions&);

enum class Output : std::uint8_t { Text, TextOrJson };

int run_about_job(const Arguments& arguments, CLI::App& app, AboutJob command,
                  Output output = Output::TextOrJson) {
  JobOptions options;
  options.build.add_to(app);
  if (output == Output::TextOrJson) options.build.add_json_to(app);
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

int run_job_shell_command(const Arguments& arguments) {
  CLI::App app("Prints a script that runs the command of a job with its environment",
               "job shell-command");
  app.footer(kShellCommandExamples);
  return run_about_job(arguments, app, print_shell_command, Output::Text);
}

int run_job_why(const Arguments& arguments) {
  CLI::App app("Says why jobs do not run: what they wait for, and the agent that comes nearest",
               "job why");
  app.footer(kWhyExamples);
  return run_about_job(arguments, app, explain_jobs);
}

}  // namespace ostler::cli
