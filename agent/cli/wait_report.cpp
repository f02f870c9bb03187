// SPDX-License-Identifier: Apache-2.0
#include "cli/wait_report.hpp"

#include <algorithm>
#include <string>

#include "console/build_page.hpp"
#include "console/job_words.hpp"
#include "console/plain_text.hpp"
#include "wire/rest_why.hpp"

namespace ostler::cli {
namespace {

using wire::RestJobAnswer;
using wire::RestJobProgress;
using Jobs = std::vector<const RestJobAnswer*>;

constexpr std::size_t kJobsExplained = 5;
constexpr std::string_view kGate = "gate";  // report_gates says what opens it, once

/// What could run now comes first: the others wait for it.
Jobs waiting_jobs(const wire::RestBuildAnswer& build) {
  Jobs scheduled;
  Jobs behind;
  for (const RestJobAnswer* job : unexplained_jobs(build)) {
    if (job->progress != RestJobProgress::Waiting) continue;
    (job->state == "scheduled" ? scheduled : behind).push_back(job);
  }
  scheduled.insert(scheduled.end(), behind.begin(), behind.end());
  return scheduled;
}

/// False: the hub does not say.
bool add_reasons(HubClient& hub, const RestJobAnswer& job, const console::Terminal& terminal,
                 std::vector<std::string>& lines) {
  const auto answer = hub.ask("GET", "/jobs/" + job.id + "/why");
  if (!answer) return false;
  const auto why = wire::decode_rest_why(answer.value());
  if (!why) return false;
  const std::string subject =
      terminal.styled(console::job_title(job) + " does not run: ", console::Style::Warning);
  for (const auto& reason : why.value().reasons) {
    if (reason.kind != kGate) lines.push_back(subject + console::plain_line(reason.message));
  }
  return true;
}

}  // namespace

std::vector<const RestJobAnswer*> unexplained_jobs(const wire::RestBuildAnswer& build) {
  Jobs jobs;
  for (const RestJobAnswer& job : build.jobs) {
    const bool waits = job.progress == RestJobProgress::Waiting;
    const bool is_gate = job.progress == RestJobProgress::Blocked;
    const bool never_ran = job.state == "waiting_failed";
    const bool runs = job.type == "script" || job.type == "trigger";
    const bool is_open_trigger = job.type == "trigger" && job.state == "running";
    if ((runs && (waits || never_ran)) || is_open_trigger || is_gate) jobs.push_back(&job);
  }
  return jobs;
}

void report_waits(HubClient& hub, const wire::RestBuildAnswer& build, console::Terminal& terminal) {
  if (build.finished_at) return;
  const Jobs jobs = waiting_jobs(build);
  const std::size_t explained = std::min(jobs.size(), kJobsExplained);
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < explained; ++at) {
    if (!add_reasons(hub, *jobs[at], terminal, lines)) break;
  }
  if (lines.empty()) return;
  if (jobs.size() > explained) {
    lines.push_back("why " + std::to_string(jobs.size() - explained) +
                    " more do not run: ostler job why " + console::build_name(build));
  }
  terminal.print_line("");
  for (const std::string& line : lines) terminal.print_line(line);
}

}  // namespace ostler::cli
