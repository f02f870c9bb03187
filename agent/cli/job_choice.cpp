// SPDX-License-Identifier: Apache-2.0
#include "cli/job_choice.hpp"

#include <algorithm>
#include <vector>

#include "cli/failure_report.hpp"
#include "console/job_words.hpp"

namespace ostler::cli {
namespace {

using Jobs = std::vector<const wire::RestJobAnswer*>;

/// The jobs that run commands, in the order of the pipeline; those of a step, when one is named.
Jobs jobs_to_choose_from(const wire::RestBuildAnswer& build, const std::string& step) {
  Jobs jobs;
  for (const wire::RestJobAnswer& job : build.jobs) {
    const bool is_meant = step.empty() || job.step_key == step || job.name == step;
    if (job.type == "script" && is_meant) jobs.push_back(&job);
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

}  // namespace

Result<std::string> choose_job(const FoundBuild& found, const std::string& step,
                               const std::string& command) {
  if (!found.job.empty()) return found.job;
  const Jobs meant = jobs_to_choose_from(found.build, step);
  if (meant.size() == 1) return meant[0]->id;
  if (!meant.empty()) {
    return which_job(found, meant, command, "several jobs of this build are meant");
  }
  const Jobs all = jobs_to_choose_from(found.build, "");
  if (all.empty()) return Error(Errc::UserFault, "this build has no jobs that run commands");
  return which_job(found, all, command,
                   "this build has no job with the key or label \"" + step + "\"");
}

}  // namespace ostler::cli
