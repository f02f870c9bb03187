// SPDX-License-Identifier: Apache-2.0
#include "cli/job_choice.hpp"

#include <algorithm>
#include <vector>

#include "cli/failure_report.hpp"
#include "console/build_page.hpp"
#include "console/job_words.hpp"
#include "console/plain_text.hpp"

namespace ostler::cli {
namespace {

using Jobs = std::vector<const wire::RestJobAnswer*>;

bool runs_commands(const wire::RestJobAnswer& job) { return job.type == "script"; }

bool runs(const wire::RestJobAnswer& job) { return runs_commands(job) || job.type == "trigger"; }

bool waits_for_a_person(const wire::RestJobAnswer& job) {
  return job.progress == wire::RestJobProgress::Blocked;
}

using IsFit = bool (*)(const wire::RestJobAnswer&);

/// The jobs that are fit, in the order of the pipeline; those of a step, when one is named.
Jobs jobs_to_choose_from(const wire::RestBuildAnswer& build, const std::string& step,
                         IsFit is_fit) {
  Jobs jobs;
  for (const wire::RestJobAnswer& job : build.jobs) {
    const bool is_meant = step.empty() || job.step_key == step || job.name == step;
    if (is_fit(job) && is_meant) jobs.push_back(&job);
  }
  return jobs;
}

Error which_job(const FoundBuild& found, const Jobs& jobs, const std::string& command,
                const std::string& why) {
  std::string message = why + "; one of:";
  for (const wire::RestJobAnswer* job : jobs) {
    message += "\n  ostler " + command + " " + words_for_job(found.build, *job) + "  (" +
               console::job_title(*job) + ")";
  }
  return Error(Errc::UserFault, message);
}

Result<std::string> choose(const FoundBuild& found, const std::string& step,
                           const std::string& command, IsFit is_fit, const std::string& none) {
  if (!found.job.empty()) return found.job;
  const Jobs meant = jobs_to_choose_from(found.build, step, is_fit);
  if (meant.size() == 1) return meant[0]->id;
  if (!meant.empty()) {
    return which_job(found, meant, command, "several jobs of this build are meant");
  }
  const Jobs all = jobs_to_choose_from(found.build, "", is_fit);
  if (all.empty()) return Error(Errc::UserFault, none);
  return which_job(found, all, command,
                   "this build has no job with the key or label \"" + step + "\"");
}

}  // namespace

Result<std::string> choose_job(const FoundBuild& found, const std::string& step,
                               const std::string& command) {
  const bool is_for_any = command == "job cancel" || command == "job retry" || command == "job why";
  return choose(found, step, command, is_for_any ? runs : runs_commands,
                "this build has no jobs that run commands");
}

Result<std::string> choose_gate(const FoundBuild& found, const std::string& step) {
  return choose(found, step, "job unblock", waits_for_a_person,
                console::build_name(found.build) + " is " + console::plain_line(found.build.state) +
                    ": nothing in it waits for a person");
}

}  // namespace ostler::cli
