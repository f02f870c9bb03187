// SPDX-License-Identifier: Apache-2.0
#include <string_view>
#include <utility>

#include "store/sqlite/build_cancellation.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/rows.hpp"

// Jobs that make builds of other pipelines, and what these builds mean for them.
namespace ostler::store::sqlite {
namespace {

using model::BuildState;
using model::JobEvent;
using model::JobState;

/// Source: reference/pipeline-yaml.md 6.
constexpr std::int64_t kDeepestTrigger = 10;

constexpr std::string_view kAwaitBuild = "UPDATE jobs SET awaits_build = ? WHERE id = ?";
constexpr std::string_view kAttach =
    "UPDATE jobs SET triggered_build_id = ?, awaits_build = 0 WHERE id = ?";
constexpr std::string_view kRequestOf = "SELECT build_request FROM steps WHERE id = ?";
constexpr std::string_view kDepth =
    "SELECT trigger_depth FROM builds WHERE id = ? AND removing = 0";
constexpr std::string_view kReport =
    "SELECT b.triggered_by, b.state, b.blocked_state, b.hard_failed_jobs, b.superseded "
    "FROM builds b JOIN jobs j ON j.id = b.triggered_by WHERE b.id = ?";

struct Report {
  JobId job;
  BuildState state = BuildState::Scheduled;
  std::optional<model::BlockedState> blocked_state;
  std::int64_t hard_failed = 0;
  bool is_superseded = false;
};

Report read_report(Row& row) {
  Report report;
  row.take(report.job, report.state, report.blocked_state, report.hard_failed,
           report.is_superseded);
  return report;
}

/// What a build that is at rest is for the job that waits for it; none: it goes on waiting.
std::optional<JobEvent> event_of(const Report& report) {
  switch (report.state) {
    case BuildState::Passed:
    case BuildState::NotRun: return JobEvent::FinishZero;
    case BuildState::Failed: return JobEvent::FinishNonzero;
    case BuildState::Skipped: return JobEvent::Skip;
    case BuildState::Canceled:
      return report.is_superseded ? JobEvent::Skip : JobEvent::FinishNonzero;
    case BuildState::Blocked: {
      const bool has_passed =
          report.hard_failed == 0 && report.blocked_state == model::BlockedState::Passed;
      return has_passed ? std::optional(JobEvent::FinishZero) : std::nullopt;
    }
    default: return std::nullopt;
  }
}

bool awaits_build(const JobRow& job) {
  return job.state == JobState::Running && !job.triggered_build;
}

}  // namespace

Result<void> JobMoves::note_trigger(const JobRow& job, JobState from) {
  OSTLER_TRY(database_.run(kAwaitBuild, awaits_build(job), job.id));
  if (awaits_build(job) && from != JobState::Running) follow_ups_.triggers.push_back(job.id);
  const bool is_to_stop = job.state == JobState::Canceling && from != JobState::Canceling;
  if (is_to_stop) to_cancel_.push_back(job.id);
  return success();
}

Result<std::int64_t> JobMoves::attach_build(JobId id, BuildId build) {
  OSTLER_TRY(JobRow job, load(id));
  if (job.kind != model::StepKind::Trigger || !awaits_build(job)) {
    return Error(Errc::Conflict, "the trigger has its build, or wants none any more");
  }
  OSTLER_TRY(const auto depth, require(database_.find(kDepth, read_int, job.build), "build"));
  if (depth >= kDeepestTrigger) {
    return Error(Errc::Conflict, "builds have triggered each other " +
                                     std::to_string(kDeepestTrigger) +
                                     " times in a row, which is the most; end the circle");
  }
  OSTLER_TRY(database_.run(kAttach, build, id));
  job.triggered_build = build;
  touch(job.build);
  OSTLER_TRY(const auto trigger,
             require(database_.find(kRequestOf, read_value<model::Trigger>, job.step), "trigger"));
  if (trigger.is_async) {
    job.exit_status = 0;
    OSTLER_TRY(move(job, JobEvent::FinishZero));
  } else {
    events_.job_changed(job);
  }
  return depth + 1;
}

Result<void> JobMoves::stop_triggered_builds() {
  while (!to_cancel_.empty()) {
    const JobId id = to_cancel_.back();
    to_cancel_.pop_back();
    OSTLER_TRY(JobRow job, load(id));
    OSTLER_TRY(const auto state, database_.find("SELECT state FROM builds WHERE id = ?",
                                                read_value<BuildState>, job.triggered_build));
    if (!state || is_terminal(*state)) {
      OSTLER_TRY(move(job, JobEvent::FinishNonzero));
    } else if (*state != BuildState::Canceling) {
      OSTLER_TRY(cancel_all_jobs(database_, *this, *job.triggered_build,
                                 "the step that triggered it was canceled"));
    }
  }
  return success();
}

Result<void> JobMoves::report_to_triggers() {
  for (const BuildId build : std::exchange(at_rest_, {})) {
    OSTLER_TRY(const auto report, database_.find(kReport, read_report, build));
    const auto event = report ? event_of(*report) : std::nullopt;
    if (!event) continue;
    OSTLER_TRY(JobRow job, load(report->job));
    const bool waits = job.state == JobState::Running || job.state == JobState::Canceling;
    if (!waits || job.triggered_build != build) continue;
    if (*event != JobEvent::Skip) job.exit_status = *event == JobEvent::FinishZero ? 0 : 1;
    OSTLER_TRY(move(job, *event));
  }
  return success();
}

}  // namespace ostler::store::sqlite
