// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/build.hpp"
#include "model/failure_kind.hpp"
#include "model/job.hpp"
#include "model/pipeline.hpp"
#include "model/pipeline_upload.hpp"
#include "pipeline/plan.hpp"
#include "store/follow_ups.hpp"

// Pipelines, builds and meta-data as commands and queries.
namespace ostler::store {

struct CreatePipeline {
  OrganizationId organization;
  ClusterId cluster;
  model::PipelineSettings settings;
  std::optional<UserId> created_by{};
  Timestamp now{};
};

/// Replaces what a person wrote into a pipeline, its cluster included. A new repository is looked
/// at as if it had never been.
struct UpdatePipeline {
  PipelineId pipeline;
  ClusterId cluster;
  model::PipelineSettings settings;
  bool sets_poll = false;  ///< the interval was named: the next look is at once
  /// What the change was made from; none: whatever is there is replaced.
  std::optional<model::Pipeline> before{};
  Timestamp now{};
};

/// Marks the refusal of a change to a pipeline that another one has changed meanwhile: make it anew
/// from what is there. Below every errno and HTTP status that errors carry.
inline constexpr int kChangedMeanwhile = -2;
inline bool is_changed_meanwhile(const Error& error) {
  return error.code() == Errc::Conflict && error.native() == kChangedMeanwhile;
}

/// An archived pipeline gets no builds and is not looked at. What was seen in its repository is
/// forgotten, so that it builds nothing old when it is taken back.
struct ArchivePipeline {
  PipelineId pipeline;
  bool is_archived = true;  ///< false: takes it back
  Timestamp now{};
};

struct PipelineFilter {
  OrganizationId organization;
  std::string name{};        ///< part of the name, whatever the letter case; empty: any
  std::string repository{};  ///< part of the repository, whatever the letter case; empty: any
  std::optional<bool> is_archived{};  ///< none: both
};

/// A request that counts once, however often its sender repeats it within kRequestKeyLife.
struct RequestKey {
  TokenId token;
  std::string key{};
  std::string digest{};  ///< of all that the request asks for
};
inline constexpr std::chrono::hours kRequestKeyLife{24};

struct CreateBuild {
  PipelineId pipeline;
  model::BuildSource source = model::BuildSource::Api;
  std::optional<UserId> creator{};
  model::BuildRequest request;
  model::Variables meta_data;
  pipeline::Plan plan;
  /// The build is of a branch's head that a look at the repository has found: the head is then
  /// remembered, in the same transaction.
  bool is_polled = false;
  std::optional<RequestKey> once{};  ///< a repeat gets the build of the first
  /// The job of a trigger step whose build it is: the job then has it, in the same transaction.
  std::optional<JobId> triggered_by{};
  std::optional<model::BuildOrigin> rebuilt_from{};
  Timestamp now{};
};
struct BuildChange {
  model::Build build;  ///< as it is after the change
  FollowUps follow_ups;
};

/// The build that a request with such a key has made.
struct FindRequest {
  RequestKey key;
  Timestamp now{};
};

/// A trigger that cannot have its build: its job fails.
struct RefuseTrigger {
  JobId job;
  std::string fault{};  ///< for people
  Timestamp now{};
};

struct CancelBuild {
  BuildId build;
  std::string reason{};  ///< empty: none
  Timestamp now{};
};
struct CancelJob {
  JobId job;
  Timestamp now{};
};

/// Opens a gate that waits for a person.
struct UnblockJob {
  JobId job;
  std::optional<UserId> by{};
  model::Variables answers{};  ///< become meta-data of the build; values may be empty
  Timestamp now{};
};
struct UnblockedJob {
  model::Job job;
  FollowUps follow_ups;
};

/// Another attempt at a job that is over, because a person wants it.
struct RetryJob {
  JobId job;
  std::optional<UserId> by{};
  Timestamp now{};
};
struct RetriedJob {
  model::Job job;  ///< the new attempt
  FollowUps follow_ups;
};

enum class RetryChance : std::uint8_t {
  Open,
  Forbidden,  ///< by the policy of its step, and by nothing else
  None,       ///< for what the job is or has come to, or its build
};
struct RetryProspect {
  RetryChance chance = RetryChance::None;
  std::string reason{};  ///< why the policy forbids it; empty: none is given
};

/// A retry of every job of a build that failed.
struct RetryFailedJobs {
  BuildId build;
  std::vector<model::FailureKind> kinds{};  ///< empty: all
  std::optional<UserId> by{};
  Timestamp now{};
};
struct RetriedJobs {
  std::int64_t count = 0;
  BuildChange change;
};

/// Builds, newest first. Empty lists mean any; entries of one list are alternatives.
struct BuildFilter {
  std::optional<PipelineId> pipeline{};
  std::vector<std::string> branches{};  ///< exact, or with "*" for any run of characters
  std::vector<std::string> commits{};
  std::vector<model::BuildState> states{};
  std::optional<UserId> creator{};
  std::optional<Timestamp> created_from{};                       ///< at or after
  std::optional<Timestamp> created_to{};                         ///< before
  std::optional<Timestamp> finished_from{};                      ///< at or after
  std::vector<std::pair<std::string, std::string>> meta_data{};  ///< all must be equal
  /// Else without builds whose jobs of agents are all in paused queues.
  bool include_paused = true;
};

/// Jobs of builds in the order of their steps, waiters among them; attempts at one job in theirs.
struct JobFilter {
  std::vector<BuildId> builds{};          ///< at most 100
  std::vector<model::JobState> states{};  ///< empty: any
  std::optional<std::string> step_key{};
  bool include_retried = true;          ///< else the last attempt at each job only
  std::optional<JobId> after{};         ///< the last job of the page before
  std::optional<JobId> before{};        ///< the first job of the page after; with one build only
  std::optional<std::int64_t> limit{};  ///< none: all of them
};

/// Jobs of agents in all builds, the newest first.
struct NewestJobs {
  std::vector<QueueId> queues{};          ///< empty: any
  std::vector<model::JobState> states{};  ///< empty: any
  std::vector<std::string> rules{};       ///< agent query rules, all of which a job has
  std::optional<JobId> before{};          ///< `next` of the slice before
  std::int64_t limit = 100;
};
struct JobSlice {
  std::vector<model::Job> jobs;
  /// Behind which there may be more, also when `jobs` has few: one call looks at some of a long
  /// history only. None: that is all.
  std::optional<JobId> next;
};

/// What a running job adds to its build.
struct UploadPipeline {
  AgentId agent;
  JobId job;
  std::string uuid;  ///< the job's uploads with one uuid are one upload
  /// Removes the steps behind the uploading one that have not begun.
  bool replace = false;
  model::PipelineDefinition definition{};
  std::string fault{};            ///< why there is no definition; empty: there is one
  std::int64_t size = 0;          ///< of its JSON, in bytes
  std::size_t most_jobs = 4'000;  ///< of the build, with those it has
  Timestamp now{};
};
struct PipelineUploadChange {
  model::PipelineUpload upload;
  FollowUps follow_ups;
};

/// Set all or none. Keys and values are not blank; a value has at most 100 kB.
struct SetMetaData {
  BuildId build;
  model::Variables items;
  Timestamp now{};
};

}  // namespace ostler::store
