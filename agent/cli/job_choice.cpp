// SPDX-License-Identifier: Apache-2.0
#include "cli/job_choice.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "cli/exit.hpp"
#include "cli/failure_report.hpp"
#include "console/build_page.hpp"
#include "console/job_words.hpp"
#include "console/plain_text.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kSeveral = "several jobs of this build are meant";

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

bool may_run_again(const wire::RestJobAnswer& job) {
  return console::has_failed(job) || job.progress == wire::RestJobProgress::Canceled ||
         job.state == "expired";
}

bool is_open(const wire::RestJobAnswer& job) {
  return job.progress == wire::RestJobProgress::Waiting ||
         job.progress == wire::RestJobProgress::Running;
}

bool has_broken_the_build(const wire::RestJobAnswer& job) {
  return console::has_failed(job) && !job.soft_failed;
}

bool is_running(const wire::RestJobAnswer& job) {
  return job.progress == wire::RestJobProgress::Running;
}

Jobs those_that(const Jobs& jobs, IsFit is_fit) {
  Jobs fit;
  std::ranges::copy_if(jobs, std::back_inserter(fit),
                       [&](const wire::RestJobAnswer* job) { return is_fit(*job); });
  return fit;
}

/// What a job can be changed by, and how a build is where nothing can.
struct Change {
  IsFit is_possible;
  const char* none;
};
constexpr Change kRetry{may_run_again, ": no job of it failed"};
constexpr Change kCancel{is_open, ": its jobs are over"};

Result<std::string> choose_to_change(const FoundBuild& found, const Jobs& meant,
                                     const Change& change, const std::string& command) {
  const Jobs fit = those_that(meant, change.is_possible);
  if (fit.size() == 1) return fit[0]->id;
  if (!fit.empty()) return which_job(found, fit, command, kSeveral);
  return Error(Errc::UserFault, console::build_name(found.build) + " is " +
                                    console::plain_line(found.build.state) + change.none +
                                    "; \"ostler build show " + console::build_name(found.build) +
                                    "\" shows them");
}

/// What people ask for most: the failure, or else what happens now.
Result<std::string> choose_to_read(const FoundBuild& found, const Jobs& meant,
                                   const std::string& command) {
  const Jobs failed = those_that(meant, has_broken_the_build);
  const Jobs running = those_that(meant, is_running);
  if (failed.empty() && running.size() != 1) {
    return which_job(found, running.empty() ? meant : running, command, kSeveral);
  }
  const wire::RestJobAnswer& job =
      failed.empty() ? *running[0]
                     : **std::ranges::min_element(failed, {}, &wire::RestJobAnswer::finished_at);
  remark(command + ": " + console::job_title(job) +
         (failed.empty() ? ", which is running" : ", which failed first"));
  return job.id;
}

Result<std::string> choose_among(const FoundBuild& found, const Jobs& meant, JobPurpose purpose,
                                 const std::string& command) {
  switch (purpose) {
    case JobPurpose::Read: return choose_to_read(found, meant, command);
    case JobPurpose::Retry: return choose_to_change(found, meant, kRetry, command);
    case JobPurpose::Cancel: return choose_to_change(found, meant, kCancel, command);
    case JobPurpose::Run:
    case JobPurpose::Explain: break;
  }
  return which_job(found, meant, command, kSeveral);
}

/// Nothing when no job is meant, or several are.
std::string the_only_one(const FoundBuild& found, const Jobs& meant) {
  if (!found.job.empty()) return found.job;
  return meant.size() == 1 ? meant[0]->id : "";
}

/// Why no job is meant, of which there are only those that are fit.
Error nothing_meant(const FoundBuild& found, const std::string& step, IsFit is_fit,
                    const std::string& command, const std::string& none) {
  const Jobs all = jobs_to_choose_from(found.build, "", is_fit);
  if (all.empty()) return Error(Errc::UserFault, none);
  return which_job(found, all, command,
                   "this build has no job with the key or label \"" + step + "\"");
}

}  // namespace

Result<std::string> choose_job(const FoundBuild& found, const std::string& step, JobPurpose purpose,
                               const std::string& command) {
  const bool is_for_commands = purpose == JobPurpose::Read || purpose == JobPurpose::Run;
  const IsFit is_fit = is_for_commands ? runs_commands : runs;
  const Jobs meant = jobs_to_choose_from(found.build, step, is_fit);
  if (auto id = the_only_one(found, meant); !id.empty()) return id;
  if (!meant.empty()) return choose_among(found, meant, purpose, command);
  return nothing_meant(found, step, is_fit, command, "this build has no jobs that run commands");
}

Result<std::string> choose_gate(const FoundBuild& found, const std::string& step) {
  const std::string command = "job unblock";
  const Jobs meant = jobs_to_choose_from(found.build, step, waits_for_a_person);
  if (auto id = the_only_one(found, meant); !id.empty()) return id;
  if (!meant.empty()) return which_job(found, meant, command, kSeveral);
  return nothing_meant(found, step, waits_for_a_person, command,
                       console::build_name(found.build) + " is " +
                           console::plain_line(found.build.state) +
                           ": nothing in it waits for a person; \"ostler build list "
                           "--state blocked\" shows builds in which something does");
}

}  // namespace ostler::cli
