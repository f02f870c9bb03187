// SPDX-License-Identifier: Apache-2.0
#include "console/build_changes.hpp"

#include <utility>

#include "console/build_page.hpp"
#include "console/job_words.hpp"
#include "console/plain_text.hpp"

namespace ostler::console {
namespace {

using wire::RestJobAnswer;
using wire::RestJobProgress;

std::string took(const std::string& time) { return time.empty() ? "" : " in " + time; }

}  // namespace

std::vector<std::string> BuildChanges::take(const wire::RestBuildAnswer& build) {
  std::vector<std::string> lines;
  for (const RestJobAnswer& job : build.jobs) {
    if (job.type == "waiter") continue;
    const Told now{job.progress, job.promised_failure.has_value()};
    if (std::exchange(jobs_[job.id], now) != now) lines.push_back(job_line(job));
  }
  if (std::exchange(state_, build.state) == build.state) return lines;
  const Cell verdict = build_verdict(build);
  const bool is_over = build.finished_at.has_value();
  std::string line = terminal_.styled(build_name(build), Style::Bold) + "  " +
                     terminal_.styled(verdict.text, verdict.style) +
                     (is_over ? took(build_time(build, *build.finished_at)) : "");
  if (is_over && !build.cancel_reason.empty()) line += ": " + plain_line(build.cancel_reason);
  lines.push_back(std::move(line));
  return lines;
}

std::string BuildChanges::job_line(const RestJobAnswer& job) const {
  const Cell verdict = job_verdict(job);
  std::string line = "  " + job_title(job) + "  " + terminal_.styled(verdict.text, verdict.style);
  if (job.progress == RestJobProgress::Running && !job.agent_name.empty()) {
    line += " on " + plain_line(job.agent_name);
  }
  if (job.finished_at) line += took(job_time(job, *job.finished_at));
  if (const std::string reason = job_reason(job); !reason.empty()) line += ": " + reason;
  return line;
}

}  // namespace ostler::console
