// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

using model::BuildEvent;
using model::BuildEventKind;

constexpr std::string_view kPlace = "SELECT state, last_event FROM builds WHERE id = ?";
/// Labels and paths may be long, and a slice has many.
constexpr std::string_view kEvents =
    "SELECT e.number, e.at, e.kind, e.subject, e.state, e.job_id, e.agent_id, e.exit_status, "
    "e.signal, e.signal_reason, e.name, s.kind, substr(s.key, 1, 500), substr(s.label, 1, 500), "
    "j.source_job_id, j.retried_in_job_id, j.parallel_index, j.parallel_total, j.matrix, "
    "coalesce(j.soft_failed, 0), j.end_cause, j.promised_exit_status, "
    "coalesce(substr(j.promised_reason, 1, 500), ''), a.name, "
    "substr(f.path, 1, 4096), f.file_size, t.id, t.number, p.slug, t.state "
    "FROM build_events e LEFT JOIN jobs j ON j.id = e.job_id LEFT JOIN steps s ON s.id = j.step_id "
    "LEFT JOIN agents a ON a.id = e.agent_id LEFT JOIN artifacts f ON e.kind = 7 AND f.id = "
    "e.subject LEFT JOIN builds t ON t.id = j.triggered_build_id "
    "LEFT JOIN pipelines p ON p.id = t.pipeline_id WHERE e.build_id = ? AND e.number > ? ORDER BY "
    "e.number LIMIT ?";

constexpr std::size_t kLongestPath = 4096;

struct EventRow {
  BuildEvent event;
  Uuid subject;  ///< where the kind has one
  std::optional<std::int64_t> state;
  std::optional<JobId> job;
  std::optional<AgentId> agent;
  std::optional<int> exit_status;
  std::optional<std::string> signal, signal_reason, name;
  std::optional<model::StepKind> step_kind;
  std::optional<std::string> step_key, step_label, agent_name, path;
  std::optional<JobId> retry_source, retried_in;
  std::optional<int> parallel_index, parallel_total;
  std::optional<model::Variables> matrix;
  bool soft_failed = false;
  std::optional<model::EndCause> end_cause;
  std::optional<model::PromisedFailure> promised_failure;
  std::optional<std::int64_t> file_size;
  std::optional<model::TriggeredBuild> triggered;
};

template <class State>
State state_of(const EventRow& row) {
  return static_cast<State>(row.state.value_or(1));
}

template <class Id>
Id id_of(const EventRow& row) {
  Id id;
  id.uuid = row.subject;
  return id;
}

model::JobEventSubject job_of(EventRow& row) {
  model::JobEventSubject subject;
  model::Job& job = subject.job;
  job.id = id_of<JobId>(row);
  job.state = state_of<model::JobState>(row);
  job.agent = row.agent;
  job.step.kind = row.step_kind.value_or(model::StepKind::Command);
  job.step.key = std::move(row.step_key).value_or("");
  job.step.label = model::varied_label(
      std::move(row.step_label).value_or(""),
      {row.parallel_index, row.parallel_total, std::move(row.matrix).value_or(model::Variables())});
  job.soft_failed = row.soft_failed && model::is_terminal(job.state);
  job.promised_failure = std::move(row.promised_failure);
  job.triggered = std::move(row.triggered);
  job.attempt.source = row.retry_source;
  job.attempt.retried_in = row.retried_in;
  if (row.exit_status) {
    job.outcome = {*row.exit_status, std::move(row.signal).value_or(""),
                   std::move(row.signal_reason).value_or(""), row.end_cause};
  }
  subject.agent_name = std::move(row.agent_name).value_or("");
  return subject;
}

decltype(BuildEvent::subject) subject_of(EventRow& row) {
  switch (row.event.kind) {
    case BuildEventKind::BuildChanged: return state_of<model::BuildState>(row);
    case BuildEventKind::JobCreated:
    case BuildEventKind::JobChanged:
    case BuildEventKind::JobRemoved: return job_of(row);
    case BuildEventKind::AnnotationChanged:
    case BuildEventKind::AnnotationRemoved:
      return model::AnnotationEventSubject{id_of<AnnotationId>(row), row.job,
                                           std::move(row.name).value_or("")};
    case BuildEventKind::ArtifactChanged:
      return model::ArtifactEventSubject{
          id_of<ArtifactId>(row), state_of<model::ArtifactState>(row), row.job.value_or(JobId{}),
          std::move(row.path).value_or(""), row.file_size.value_or(0)};
    case BuildEventKind::ArtifactRemoved:
      return model::ArtifactEventSubject{
          id_of<ArtifactId>(row), state_of<model::ArtifactState>(row), row.job.value_or(JobId{}),
          std::move(row.name).value_or("").substr(0, kLongestPath)};
    case BuildEventKind::MetaDataSet: break;
  }
  return model::MetaDataEventSubject{std::move(row.name).value_or("")};
}

/// A row of any other kind without one cannot be read.
bool may_lack_subject(BuildEventKind kind) {
  return kind == BuildEventKind::BuildChanged || kind == BuildEventKind::MetaDataSet;
}

void take_subject(Row& from, EventRow& row) {
  if (!may_lack_subject(row.event.kind)) return from.take(row.subject);
  std::optional<Uuid> none;
  from.take(none);
}

BuildEvent read_event(Row& from) {
  EventRow row;
  from.take(row.event.number, row.event.at, row.event.kind);
  take_subject(from, row);
  from.take(row.state, row.job, row.agent, row.exit_status, row.signal, row.signal_reason, row.name,
            row.step_kind, row.step_key, row.step_label, row.retry_source, row.retried_in,
            row.parallel_index, row.parallel_total, row.matrix, row.soft_failed, row.end_cause);
  row.promised_failure = take_promised_failure(from);
  from.take(row.agent_name, row.path, row.file_size);
  row.triggered = take_triggered_build(from);
  row.event.subject = subject_of(row);
  return std::move(row.event);
}

BuildEventSlice read_place(Row& row) {
  BuildEventSlice slice;
  row.take(slice.state, slice.last);
  return slice;
}

}  // namespace

/// The state is read first: what comes in between is then among the events, and a build that is
/// over is not taken for one that has told all.
Result<BuildEventSlice> load_build_events(Connection& database, const ReadBuildEvents& query) {
  OSTLER_TRY(auto slice, require(database.find(kPlace, read_place, query.build), "build"));
  OSTLER_TRY(slice.events,
             database.list(kEvents, read_event, query.build, query.after, query.limit));
  return slice;
}

}  // namespace ostler::store::sqlite
