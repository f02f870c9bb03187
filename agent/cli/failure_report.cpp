// SPDX-License-Identifier: Apache-2.0
#include "cli/failure_report.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "console/build_page.hpp"
#include "console/job_words.hpp"
#include "console/log_marks.hpp"
#include "console/plain_text.hpp"
#include "wire/rest_job_event.hpp"
#include "wire/rest_why.hpp"

namespace ostler::cli {
namespace {

constexpr std::uint64_t kReadFromEnd = 64u << 10;
constexpr std::uint64_t kReadFurtherUp = 4u << 20;  // the upload of 30,000 artifacts, for one
constexpr std::size_t kLinesShown = 20;
constexpr std::size_t kEventsOfOnePage = 100;
constexpr int kPagesOfEvents = 20;  // a hub keeps 2,000 events of a job
constexpr int kPagesOfOneRow = 1;
constexpr std::size_t kJobsAsked = 10;

/// The first pages of what a job has told, as far as the hub answers. False: it did not.
bool ask_failure(HubClient& hub, const std::string& job, int most_pages, ToldFailure& told) {
  for (int page = 1; page <= most_pages; ++page) {
    const auto answer =
        hub.ask("GET", "/jobs/" + job + "/events?per_page=" + std::to_string(kEventsOfOnePage) +
                           "&page=" + std::to_string(page));
    if (!answer) return false;
    auto events = wire::decode_rest_job_events(answer.value());
    if (!events) return false;
    for (wire::RestJobEvent& event : events.value()) {
      if (!event.failed_tests.empty()) told.tests.push_back(std::move(event.failed_tests));
      if (!event.failed_step.empty()) told.step = std::move(event.failed_step);
    }
    if (events.value().size() < kEventsOfOnePage) break;
  }
  return true;
}

/// False: the hub did not answer, so there is no use in asking it for more.
bool ask_first_failure(HubClient& hub, const wire::RestBuildAnswer& build, ToldFailures& told) {
  const wire::RestJobAnswer* const first = console::first_failure(build);
  if (first == nullptr || !console::has_log(*first)) return true;
  return ask_failure(hub, first->id, kPagesOfEvents, told[first->id]);
}

struct LogEnd {
  std::string bytes;
  bool is_whole = false;
  std::string unread{};  ///< why there is none of it; empty: there is
};

/// More of it where little does not tell what the job failed of, and the hub gives more.
LogEnd end_of_log(HubClient& hub, const wire::RestJobAnswer& job) {
  auto asked = hub.log_end(job.id, kReadFromEnd);
  if (!asked) return {.bytes = "", .unread = asked.error().message()};
  std::string end = std::move(asked).value();
  const bool is_whole = end.size() < kReadFromEnd;
  if (is_whole || console::ended_at_last_line(job) || console::tells_of_failure(end)) {
    return {std::move(end), is_whole};
  }
  auto more = hub.log_end(job.id, kReadFurtherUp);
  if (!more) return {std::move(end), is_whole};
  const bool is_all = more.value().size() < kReadFurtherUp;
  return {std::move(more).value(), is_all};
}

std::vector<std::string> lines_shown(const wire::RestJobAnswer& job, const LogEnd& end) {
  return console::ended_at_last_line(job)
             ? console::last_log_lines(end.bytes, end.is_whole, kLinesShown)
             : console::lines_of_failure(end.bytes, end.is_whole, kLinesShown);
}

/// The command that lets a job run again.
std::string retry_command(const wire::RestBuildAnswer& build, const wire::RestJobAnswer& job) {
  return "ostler job retry " + words_for_job(build, job);
}

/// Allowed, where the hub does not say: trying it tells.
wire::RestRetryProspect retry_prospect(HubClient& hub, const wire::RestJobAnswer& job) {
  const auto answer = hub.ask("GET", "/jobs/" + job.id + "/why");
  if (!answer) return {};
  auto why = wire::decode_rest_why(answer.value());
  return why ? std::move(why).value().retry : wire::RestRetryProspect{};
}

using NextCommands = std::vector<console::NextCommand>;

/// What lets a job run again, or its build, where the job may not.
void add_retry(HubClient& hub, const wire::RestBuildAnswer& build, const wire::RestJobAnswer& job,
               NextCommands& next) {
  const wire::RestRetryProspect prospect = retry_prospect(hub, job);
  if (prospect.allowed) return next.push_back({"to try again", retry_command(build, job)});
  if (!prospect.reason.empty()) {
    next.push_back({"manual retries are off", console::plain_line(prospect.reason)});
  }
  next.push_back({"to try again", "ostler build rebuild " + console::build_name(build)});
}

NextCommands next_commands(HubClient& hub, const wire::RestBuildAnswer& build,
                           const wire::RestJobAnswer& job, bool has_log) {
  NextCommands next;
  if (job.type == "trigger") {
    const std::string name = console::triggered_name(job);
    if (!name.empty()) return {{"its build", "ostler build show " + name}};
    add_retry(hub, build, job, next);
    return next;
  }
  if (has_log) next.push_back({"the whole log", log_command(build, job)});
  if (!has_log || console::may_pass_again(job)) add_retry(hub, build, job, next);
  return next;
}

}  // namespace

ToldFailures told_failures(HubClient& hub, const wire::RestBuildAnswer& build) {
  ToldFailures told;
  if (!ask_first_failure(hub, build, told)) return told;
  for (const wire::RestJobAnswer& job : build.jobs) {
    const bool is_asked = job.type == "script" && console::has_failed(job) && !job.retried;
    if (!is_asked || told.contains(job.id)) continue;
    if (told.size() == kJobsAsked) break;
    if (!ask_failure(hub, job.id, kPagesOfOneRow, told[job.id])) break;
  }
  return told;
}

ToldFailures told_first_failure(HubClient& hub, const wire::RestBuildAnswer& build) {
  ToldFailures told;
  ask_first_failure(hub, build, told);
  return told;
}

console::FailureWords words_of(const ToldFailures& told) {
  console::FailureWords words;
  for (const auto& [job, failure] : told) {
    if (!failure.step.empty()) words[job] = failure.step;
  }
  return words;
}

void report_failure(HubClient& hub, const wire::RestBuildAnswer& build, const ToldFailures& told,
                    console::Terminal& terminal) {
  const wire::RestJobAnswer* job = console::first_failure(build);
  if (job == nullptr) return;
  if (!console::has_log(*job)) {
    return console::print_failure(*job, {}, next_commands(hub, build, *job, false), terminal);
  }
  const LogEnd end = end_of_log(hub, *job);
  const auto own = told.find(job->id);
  ToldFailure failure = own == told.end() ? ToldFailure{} : own->second;
  const console::FailureLog log{.logged = console::logged_failure(end.bytes),
                                .last_lines = lines_shown(*job, end),
                                .failed_tests = std::move(failure.tests),
                                .step = std::move(failure.step),
                                .unread = end.unread};
  const bool has_log = !log.last_lines.empty() || !log.unread.empty();
  console::print_failure(*job, log, next_commands(hub, build, *job, has_log), terminal);
}

/// A key is easier to type than an id, and means the same where no other job has it.
std::string words_for_job(const wire::RestBuildAnswer& build, const wire::RestJobAnswer& job) {
  const auto has_key = [&](const wire::RestJobAnswer& other) {
    return !other.retried && other.step_key == job.step_key;
  };
  const bool has_own_key =
      !job.step_key.empty() && !job.retried && std::ranges::count_if(build.jobs, has_key) == 1;
  if (!has_own_key) return job.id;
  return console::build_name(build) + " --step " + job.step_key;
}

void report_gates(const wire::RestBuildAnswer& build, console::Terminal& terminal) {
  bool is_first = true;
  for (const wire::RestJobAnswer& job : build.jobs) {
    if (job.progress != wire::RestJobProgress::Blocked) continue;
    if (std::exchange(is_first, false)) terminal.print_line("");
    terminal.print_line(terminal.styled(console::job_title(job) + " waits for a person: ",
                                        console::Style::Warning) +
                        unblock_command(build, job));
    const bool has_prompt = job.gate && !job.gate->prompt.empty();
    if (has_prompt) terminal.print_line("  " + console::plain_line(job.gate->prompt));
  }
}

std::string unblock_command(const wire::RestBuildAnswer& build, const wire::RestJobAnswer& job) {
  return "ostler job unblock " + words_for_job(build, job);
}

std::string log_command(const wire::RestBuildAnswer& build, const wire::RestJobAnswer& job) {
  return "ostler job log " + words_for_job(build, job);
}

}  // namespace ostler::cli
