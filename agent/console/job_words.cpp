// SPDX-License-Identifier: Apache-2.0
#include "console/job_words.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "console/duration_text.hpp"
#include "console/plain_text.hpp"
#include "wire/rest_job_titles.hpp"

namespace ostler::console {
namespace {

using wire::RestJobAnswer;
using wire::RestJobProgress;

constexpr std::size_t kLongestTitle = 60;
constexpr std::size_t kLongestPromise = 200;
constexpr std::size_t kLongestDistinction = 40;  // the end of a title

using Words = std::pair<std::string_view, std::string_view>;

/// Source: rest-api, 10.
constexpr std::array kSignalReasons = {
    Words{"process_run_error", "it could not be run"},
    Words{"agent_refused", "its agent refused to run it"},
    Words{"agent_stop", "its agent was stopped"},
    Words{"agent_incompatible", "its agent cannot run such jobs"},
    Words{"signature_rejected", "its signature is wrong"},
    Words{"stack_error", "its agent could not be started"},
    Words{"cancel", "its agent stopped it, for its lease had ended"},
};

/// Source: rest-api, 10. Other reasons are what the author of the step wrote.
constexpr std::array kBrokenReasons = {
    Words{"conditional_failed", "its \"if\" is false"},
    Words{"branch_mismatch", "its \"branches\" leave this one out"},
    Words{"parallelism_zero", "its parallelism is 0"},
    Words{"legacy_step", "its kind of step is no longer run"},
    Words{"optimizer_removed", "nothing that it would do is needed"},
};

std::string_view words_of(model::EndCause cause) {
  switch (cause) {
    case model::EndCause::OutOfMemory: return "out of memory, killed by the kernel";
    case model::EndCause::DiskFull: return "the disk of its agent was full";
    case model::EndCause::WorkerLost: return "the agent's process that ran it died";
    case model::EndCause::KeeperLost: return "the agent's process that guarded it died";
    case model::EndCause::HostRestarted: return "its machine restarted";
    case model::EndCause::PluginCrashed: return "its plugin crashed";
    case model::EndCause::AgentLost: return "its agent was lost";
    case model::EndCause::NotStarted: return "its agent did not begin it in time";
  }
  return {};
}

/// Empty: it is none of them.
std::string_view words_for(std::string_view sought, std::span<const Words> reasons) {
  const auto found = std::ranges::find(reasons, sought, &Words::first);
  return found == reasons.end() ? std::string_view() : found->second;
}

std::string why_broken(const RestJobAnswer& job) {
  const auto words = words_for(job.broken_reason, kBrokenReasons);
  return words.empty() ? plain_line(job.broken_reason) : std::string(words);
}

std::string in_brackets(const std::string& text) { return text.empty() ? "" : " (" + text + ")"; }

/// How its command ended, as the system says it; empty when it did not end by itself.
std::string own_end(const RestJobAnswer& job) {
  if (!job.signal.empty()) return plain_line(job.signal);
  const bool has_status = job.exit_status && *job.exit_status >= 0;
  return has_status ? "exit status " + std::to_string(*job.exit_status) : "";
}

/// " of 5 minutes"; empty where it is not known.
std::string length_of_timeout(const RestJobAnswer& job) {
  if (!job.timeout_in_minutes) return "";
  const std::int64_t minutes = *job.timeout_in_minutes;
  return " of " + std::to_string(minutes) + (minutes == 1 ? " minute" : " minutes");
}

std::string time_between(const std::optional<Timestamp>& begin, const std::optional<Timestamp>& end,
                         Timestamp now) {
  return begin ? duration_text(end.value_or(now) - *begin) : "";
}

std::string words_of(const wire::RestPromiseAnswer& promise) {
  return shortened(plain_line(promise.reason), kLongestPromise);
}

/// "will fail: lint found faults, promised by the job"
std::string end_to_come(const wire::RestPromiseAnswer& promise) {
  const std::string reason = words_of(promise);
  return "will fail" +
         (reason.empty() ? " with exit status " + std::to_string(promise.exit_status)
                         : ": " + reason) +
         ", promised by the job";
}

std::string reason_of_failure(const RestJobAnswer& job) {
  if (job.end_cause) return std::string(words_of(*job.end_cause)) + in_brackets(own_end(job));
  if (job.progress == RestJobProgress::TimedOut) {
    return "it took longer than its timeout" + length_of_timeout(job) +
           in_brackets(plain_line(job.signal));
  }
  if (const auto words = words_for(job.signal_reason, kSignalReasons); !words.empty()) {
    return std::string(words) + in_brackets(plain_line(job.signal));
  }
  if (!job.signal.empty()) return "killed by " + plain_line(job.signal);
  return job.exit_status ? "exit status " + std::to_string(*job.exit_status) : "";
}

/// How a job that has failed came to its end; the promise is no reason where something else ended
/// it.
std::string with_promise(const RestJobAnswer& job, std::string reason) {
  if (!job.promised_failure || was_ended(job)) return reason;
  const bool is_kept = job.exit_status == job.promised_failure->exit_status && job.signal.empty();
  const std::string words = words_of(*job.promised_failure);
  return reason + (is_kept ? ", promised by the job" : "; it had promised to fail") +
         (words.empty() ? "" : ": " + words);
}

Cell verdict_of(const RestJobAnswer& job) {
  switch (job.progress) {
    case RestJobProgress::Waiting: return {"waiting", Style::Faint};
    case RestJobProgress::Running: return {"running", Style::Plain};
    case RestJobProgress::Blocked: return {"blocked", Style::Warning};
    case RestJobProgress::Passed:
      return {job.state == "unblocked" ? "opened" : "passed", Style::Good};
    case RestJobProgress::Failed: return {"failed", Style::Bad};
    case RestJobProgress::TimedOut: return {"timed out", Style::Bad};
    case RestJobProgress::Canceled: return {"canceled", Style::Warning};
    case RestJobProgress::NotRun:
      return {job.state == "broken" ? "skipped" : "did not run", Style::Faint};
  }
  return {};
}

}  // namespace

bool has_failed(const RestJobAnswer& job) {
  return job.progress == RestJobProgress::Failed || job.progress == RestJobProgress::TimedOut;
}

bool has_log(const RestJobAnswer& job) { return job.type != "trigger" && job.state != "expired"; }

bool may_pass_again(const RestJobAnswer& job) {
  if (job.state == "expired") return true;
  if (job.progress == RestJobProgress::TimedOut) return false;
  if (!job.end_cause) return job.signal_reason == "cancel" || job.signal_reason == "agent_stop";
  return *job.end_cause != model::EndCause::OutOfMemory &&
         *job.end_cause != model::EndCause::PluginCrashed;
}

bool was_ended(const RestJobAnswer& job) {
  if (job.progress == RestJobProgress::TimedOut) return true;
  if (job.end_cause) return *job.end_cause != model::EndCause::PluginCrashed;
  return job.signal_reason == "cancel" || job.signal_reason == "agent_stop";
}

bool ended_at_last_line(const RestJobAnswer& job) {
  const bool may_have_gone_on =
      job.progress != RestJobProgress::TimedOut && job.end_cause == model::EndCause::OutOfMemory;
  return was_ended(job) && !may_have_gone_on;
}

std::string job_title(const RestJobAnswer& job) { return job_title_cell(job).text; }

Cell job_title_cell(const RestJobAnswer& job, std::string_view inset) {
  std::string title = plain_line(wire::rest_job_words(job));
  if (title.empty()) title = "step without a command";
  std::string own;
  if (!job.distinction.empty()) {
    own = " " + shortened(plain_line(job.distinction), kLongestDistinction);
  }
  const std::size_t tail = width_of(own);
  return {std::string(inset) + shortened(title, kLongestTitle - tail) + own, Style::Plain, tail};
}

std::string job_title_in(const wire::RestBuildAnswer& build, std::string_view id,
                         std::string_view otherwise) {
  const auto job = std::ranges::find(build.jobs, id, &RestJobAnswer::id);
  return job == build.jobs.end() ? plain_line(otherwise) : job_title(*job);
}

std::string triggered_name(const RestJobAnswer& job) {
  if (!job.triggered) return "";
  return plain_line(job.triggered->pipeline) + "/" + std::to_string(job.triggered->number);
}

std::string job_reason(const RestJobAnswer& job) {
  if (job.state == "broken") return why_broken(job);
  if (!job.trigger_error.empty()) return plain_line(job.trigger_error);
  if (job.triggered) return triggered_name(job) + " is " + plain_line(job.triggered->state);
  if (job.state == "expired") return "no agent took it in time";
  if (has_failed(job)) return with_promise(job, reason_of_failure(job));
  const bool will_fail = job.progress == RestJobProgress::Running && job.promised_failure;
  return will_fail ? end_to_come(*job.promised_failure) : "";
}

Cell attempt_verdict(const RestJobAnswer& job) {
  Cell verdict = verdict_of(job);
  if (job.soft_failed) verdict = {verdict.text + " (soft)", Style::Warning};
  return verdict;
}

Cell job_verdict(const RestJobAnswer& job) {
  Cell verdict = attempt_verdict(job);
  if (job.retried) verdict = {verdict.text + ", retried", Style::Warning};
  return verdict;
}

std::string job_time(const RestJobAnswer& job, Timestamp now) {
  return time_between(job.started_at, job.finished_at, now);
}

std::string build_time(const wire::RestBuildAnswer& build, Timestamp now) {
  return time_between(build.started_at, build.finished_at, now);
}

Cell build_verdict(const wire::RestBuildAnswer& build) {
  Style style = Style::Plain;
  if (build.state == "passed") style = Style::Good;
  if (build.state == "failed" || build.state == "failing") style = Style::Bad;
  if (build.state == "blocked") style = Style::Warning;
  if (build.state == "canceled" || build.state == "canceling") style = Style::Warning;
  return {plain_line(build.state), style};
}

}  // namespace ostler::console
