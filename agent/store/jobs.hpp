// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "base/uuid.hpp"
#include "model/artifact.hpp"
#include "model/build_state.hpp"
#include "model/concurrency.hpp"
#include "model/job.hpp"
#include "store/follow_ups.hpp"

// The life of a job between hub and agent as commands: accept, start, log, finish, artifacts.
// Every command names the agent that calls; a job of another agent is Errc::NotFound to it.
namespace ostler::store {

/// What a dispatcher needs to place a job.
struct RunnableJob {
  JobId job;
  QueueId queue;
  std::vector<std::string> agent_query_rules{};
  std::int64_t priority = 0;
  Timestamp scheduled_at{};
  std::int64_t position = 0;  ///< of its step in the build
};

struct AcceptJob {
  AgentId agent;
  JobId job;
  Secret session_token;  ///< the job's token is derived from it, so a repeat gets the same one
  std::string
      public_url;  ///< base of the URLs in the job's environment, without a slash at its end
  Timestamp now{};
  /// The agent asks for this very job: it may have it whatever its queue, tags and pause.
  bool is_acquire = false;
};
/// Marks the refusal of a job whose queue is paused: it can be had when the queue is resumed. Below
/// every errno and HTTP status that errors carry.
inline constexpr int kQueuePaused = -1;
inline bool is_of_paused_queue(const Error& error) {
  return error.code() == Errc::Conflict && error.native() == kQueuePaused;
}
struct AcceptedJob {
  model::Job job;
  model::Variables env;  ///< the whole environment of the job; names are unique, sorted
  Secret token;          ///< valid until 24 h after the job's end
  std::string queue{};   ///< its key
  std::optional<std::chrono::microseconds> waited{};  ///< for an agent; none in a repeat
  FollowUps follow_ups;
};

struct StartJob {
  AgentId agent;
  JobId job;
  Timestamp started_at{};  ///< the agent's clock: kept, never compared
  Timestamp now{};
};

struct FinishJob {
  AgentId agent;
  JobId job;
  model::Outcome outcome;
  Timestamp finished_at{};  ///< the agent's clock: kept, compared for equality only
  std::int64_t chunks_failed_count = 0;
  Timestamp now{};
  bool ignore_agent_in_dispatches = false;  ///< the agent leaves: it gets no more jobs
};
struct JobChange {
  model::JobState state = model::JobState::Waiting;  ///< after the change
  FollowUps follow_ups;
};

/// One piece of a job's log as its agent cut it. `offset` and `size` count uncompressed bytes.
struct AppendChunk {
  AgentId agent;
  JobId job;
  std::int64_t sequence = 0;
  std::int64_t offset = 0;
  std::int64_t size = 0;
  std::string gzip{};
};

/// Takes the log of a job that is over away, for about `slice` of the writer's time; from the first
/// call on it reads as empty.
struct RemoveLog {
  JobId job;
  std::chrono::microseconds slice = std::chrono::milliseconds(4);
};

/// Moves a job before or behind others that wait for an agent.
struct ReprioritizeJob {
  JobId job;
  std::int64_t priority = 0;
  Timestamp now{};
};

/// Who is in the way of a Limited job.
struct GroupStanding {
  model::Concurrency terms;           ///< of the job
  std::int64_t held = 0;              ///< slots of its group
  std::vector<model::Job> holders{};  ///< the oldest of those that hold them
  std::int64_t ahead_count = 0;       ///< jobs that go before it, ready or not; at most 1,000
  std::vector<model::Job> ahead{};    ///< the first of them
};

/// How much of a log can be read: everything before the first gap, or all of it once it is
/// complete (its gaps are then lines that say so).
struct LogExtent {
  std::int64_t size = 0;  ///< bytes
  bool complete = false;  ///< nothing will be added
};
struct ReadLog {
  JobId job;
  std::int64_t offset = 0;
  std::int64_t limit = 1 << 20;  ///< the most bytes to return
};

struct Sweep {
  Timestamp now{};
  /// How far the clock of `now` was set forward (or back) since the sweep before. No time passed by
  /// that: what is due later is moved along with it.
  std::chrono::microseconds jump{0};
};

/// An agent that has just become lost.
struct LostAgent {
  AgentId agent;
  std::string name{};
  Timestamp heard_at{};                ///< last
  std::optional<JobId> job{};          ///< the job it holds
  std::optional<Timestamp> ends_at{};  ///< when that job ends unless the agent is heard before
};

/// What ran out for a job.
enum class Overdue : std::uint8_t {
  Lease,    ///< its agent's, with the time beyond it: the job is over
  Start,    ///< it was accepted and not started: over
  Timeout,  ///< its agent has to stop it
  Wait,     ///< no agent took it: over
};

/// A job that time has moved, and where it stands since.
struct OverdueJob {
  JobId job;
  Overdue what = Overdue::Lease;
  std::string pipeline{};  ///< slug
  std::int64_t build = 0;  ///< number
  model::BuildState build_state = model::BuildState::Scheduled;
  std::optional<AgentId> agent{};  ///< that held it
  std::string agent_name{};
};

struct SweepResult {
  FollowUps follow_ups;
  bool more = false;  ///< more was due than one sweep does: call again at once
  std::vector<LostAgent> lost{};
  std::vector<OverdueJob> overdue{};
};

/// Declares artifacts of one upload batch. A batch id that is known returns the ids of its first
/// declaration.
struct CreateArtifacts {
  AgentId agent;
  JobId job;
  std::string batch{};
  std::string upload_destination{};          ///< empty: the hub's own store
  std::vector<model::Artifact> artifacts{};  ///< id, job, build, state and created_at are ignored
  Timestamp now{};
};

struct ArtifactReport {
  ArtifactId artifact;
  model::ArtifactEvent event = model::ArtifactEvent::Finish;
};
struct UpdateArtifacts {
  AgentId agent;
  JobId job;
  std::vector<ArtifactReport> reports{};
  Timestamp now{};
};

/// Takes an artifact away for good.
struct RemoveArtifact {
  ArtifactId artifact;
  Timestamp now{};
};

/// Finished artifacts of a build that match, as a download wants them: where several have the
/// same path, the one created last, unless `include_duplicates`. Sorted by path.
struct SearchArtifacts {
  BuildId build;
  std::string query{};  ///< glob over the path: "*", "**", "?", "[abc]", "{a,b}"
  std::string scope{};  ///< step key, label or job id; empty: the whole build
  bool include_duplicates = false;
  bool include_retried_jobs = false;  ///< else of the last attempt at each job only
};

struct ArtifactFilter {
  BuildId build;
  std::optional<JobId> job{};
  std::optional<model::ArtifactState> state{};
  std::string path{};  ///< glob; empty: any
};

}  // namespace ostler::store
