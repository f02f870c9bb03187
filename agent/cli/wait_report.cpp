// SPDX-License-Identifier: Apache-2.0
#include "cli/wait_report.hpp"

#include <compare>
#include <map>
#include <optional>
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

constexpr std::size_t kQuestions = 5;
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

/// What jobs have in common that do not run for the same reason.
struct Likeness {
  std::string state;
  std::string step;                ///< its id; empty: it may be any
  std::vector<std::string> rules;  ///< for the agents that they wait for

  auto operator<=>(const Likeness&) const = default;
};

/// None: it is like no other.
std::optional<Likeness> likeness_of(const RestJobAnswer& job) {
  const bool waits_for_agents = job.type == "script" && job.state == "scheduled" && job.runnable_at;
  if (waits_for_agents) return Likeness{job.state, "", job.agent_query_rules};
  const bool waits_for_others =
      is_held_back(job) || job.state == "waiting" || job.state == "waiting_failed";
  if (!waits_for_others || job.step_id.empty()) return std::nullopt;
  return Likeness{job.state, job.step_id, {}};
}

std::string words_of(const AlikeJobs& jobs) {
  const std::string title = console::job_title(*jobs.front());
  if (jobs.size() == 1) return title + " does not run: ";
  return title + " and " + std::to_string(jobs.size() - 1) + " like it do not run: ";
}

/// How many of the jobs it explains: none when the first has gone on since they were read. No
/// number: the hub does not say.
std::optional<std::size_t> add_reasons(HubClient& hub, const AlikeJobs& jobs,
                                       const console::Terminal& terminal,
                                       std::vector<std::string>& lines) {
  const auto answer = hub.ask("GET", "/jobs/" + jobs.front()->id + "/why");
  if (!answer) return std::nullopt;
  const auto why = wire::decode_rest_why(answer.value());
  if (!why) return std::nullopt;
  if (why.value().state != jobs.front()->state) return 0;
  const std::string subject = terminal.styled(words_of(jobs), console::Style::Warning);
  for (const auto& reason : why.value().reasons) {
    if (reason.kind != kGate) lines.push_back(subject + console::plain_line(reason.message));
  }
  return jobs.size();
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

bool is_held_back(const RestJobAnswer& job) {
  // Such a job is called scheduled, too.
  return job.state == "scheduled" && job.type == "script" && !job.runnable_at;
}

std::vector<AlikeJobs> alike_jobs(const Jobs& jobs) {
  std::vector<AlikeJobs> parts;
  std::map<Likeness, std::size_t> known;
  for (const RestJobAnswer* job : jobs) {
    if (const auto likeness = likeness_of(*job)) {
      const auto [part, is_new] = known.emplace(*likeness, parts.size());
      if (!is_new) {
        parts[part->second].push_back(job);
        continue;
      }
    }
    parts.push_back({job});
  }
  return parts;
}

void report_waits(HubClient& hub, const wire::RestBuildAnswer& build, console::Terminal& terminal) {
  if (build.finished_at) return;
  const Jobs jobs = waiting_jobs(build);
  const std::vector<AlikeJobs> questions = alike_jobs(jobs);
  std::size_t explained = 0;
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < questions.size() && at < kQuestions; ++at) {
    const auto told = add_reasons(hub, questions[at], terminal, lines);
    if (!told) break;
    explained += *told;
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
