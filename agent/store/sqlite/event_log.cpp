// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/event_log.hpp"

#include <utility>

#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

using model::BuildEventKind;

constexpr std::string_view kLoad = "SELECT state, told_state, last_event FROM builds WHERE id = ?";
constexpr std::string_view kSave = "UPDATE builds SET last_event = ?, told_state = ? WHERE id = ?";
constexpr std::string_view kInsert =
    "INSERT INTO build_events (build_id, number, kind, at, subject, state, job_id, agent_id, "
    "exit_status, signal, signal_reason, name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

struct Place {
  std::int64_t state = 0;
  std::int64_t told_state = 0;
  std::int64_t last = 0;
};

Place read_place(Row& row) {
  Place place;
  row.take(place.state, place.told_state, place.last);
  return place;
}

std::optional<std::string> present(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

EventLog::Entry EventLog::entry_of(const JobRow& job, BuildEventKind kind) {
  return {.kind = kind,
          .subject = job.id.uuid,
          .state = static_cast<std::int64_t>(job.state),
          .job = job.id,
          .agent = job.agent,
          .exit_status = is_terminal(job.state) ? job.exit_status : std::nullopt,
          .signal = present(job.signal),
          .signal_reason = present(job.signal_reason)};
}

void EventLog::job_created(const JobRow& job) {
  auto& entries = entries_[job.build];
  created_.emplace(job.id, entries.size());
  entries.push_back(entry_of(job, BuildEventKind::JobCreated));
}

void EventLog::job_changed(const JobRow& job) {
  auto& entries = entries_[job.build];
  if (const auto created = created_.find(job.id); created != created_.end()) {
    entries[created->second] = entry_of(job, BuildEventKind::JobCreated);
  } else if (const auto limited = limited_.find(job.id); limited != limited_.end()) {
    entries[limited->second] = entry_of(job, BuildEventKind::JobChanged);
  } else {
    if (job.state == model::JobState::Limited) limited_.emplace(job.id, entries.size());
    entries.push_back(entry_of(job, BuildEventKind::JobChanged));
  }
}

void EventLog::job_removed(const JobRow& job) {
  entries_[job.build].push_back(entry_of(job, BuildEventKind::JobRemoved));
}

void EventLog::annotation(BuildId build, AnnotationId id, std::optional<JobId> job,
                          std::string context, BuildEventKind kind) {
  entries_[build].push_back(
      {.kind = kind, .subject = id.uuid, .job = job, .name = std::move(context)});
}

void EventLog::artifact(BuildId build, ArtifactId id, JobId job, model::ArtifactState state) {
  entries_[build].push_back({.kind = BuildEventKind::ArtifactChanged,
                             .subject = id.uuid,
                             .state = static_cast<std::int64_t>(state),
                             .job = job});
}

void EventLog::artifact_removed(const model::Artifact& artifact) {
  entries_[artifact.build].push_back({.kind = BuildEventKind::ArtifactRemoved,
                                      .subject = artifact.id.uuid,
                                      .state = static_cast<std::int64_t>(artifact.state),
                                      .job = artifact.job,
                                      .name = artifact.path});
}

void EventLog::meta_data(BuildId build, std::string key) {
  entries_[build].push_back({.kind = BuildEventKind::MetaDataSet, .name = std::move(key)});
}

Result<void> EventLog::write(BuildId build) {
  OSTLER_TRY(auto place, require(database_.find(kLoad, read_place, build), "build"));
  auto& entries = entries_[build];
  if (place.state != place.told_state) {
    // A build comes before its jobs, and ends after them.
    const auto at = place.told_state == 0 ? entries.begin() : entries.end();
    entries.insert(at, Entry{.kind = BuildEventKind::BuildChanged, .state = place.state});
    OSTLER_TRY(webhooks_.tell(build, place.told_state, place.state));
  }
  if (entries.empty()) return success();
  for (const Entry& entry : entries) {
    OSTLER_TRY(insert(build, ++place.last, entry));
  }
  OSTLER_TRY(database_.run(kSave, place.last, place.state, build));
  return success();
}

Result<void> EventLog::insert(BuildId build, std::int64_t number, const Entry& entry) {
  OSTLER_TRY(database_.run(kInsert, build, number, entry.kind, now_, entry.subject, entry.state,
                           entry.job, entry.agent, entry.exit_status, entry.signal,
                           entry.signal_reason, entry.name));
  return success();
}

}  // namespace ostler::store::sqlite
