// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/agent.hpp"
#include "model/artifact.hpp"
#include "model/build.hpp"
#include "model/job.hpp"
#include "model/pipeline.hpp"
#include "model/step_view.hpp"
#include "store/annotations.hpp"
#include "store/blob_store.hpp"
#include "store/build_events.hpp"
#include "store/builds.hpp"
#include "store/caches.hpp"
#include "store/clusters.hpp"
#include "store/identity.hpp"
#include "store/jobs.hpp"
#include "store/levels.hpp"
#include "store/page.hpp"
#include "store/pipeline_uploads.hpp"
#include "store/plugins.hpp"
#include "store/polls.hpp"
#include "store/retention.hpp"
#include "store/secrets.hpp"
#include "store/short_ids.hpp"
#include "store/steps.hpp"
#include "store/webhooks.hpp"

// Everything the hub keeps. A write is one command: it is committed when its call completes, and a
// crash right after that loses nothing of it. Reads see every write that completed before them.
namespace ostler::store {

class PluginRecords;

template <class T>
using Awaitable = boost::asio::awaitable<Result<T>>;

/// The hub's storage in domain words.
///
/// Runs on: any executor; a call completes on the executor that awaits it.
/// Errors of every call: Unavailable (retryable) when too much is queued, when the disk is full or
/// when the store is closing; Corrupt when stored data cannot be what was written.
/// Cancel: a call cannot be canceled; it completes soon.
class Store {
 public:
  virtual ~Store() = default;

  // Who may call.

  /// Makes an organization, cluster `Default`, queue `default`, one user and two tokens in an empty
  /// store; none when there is an organization already. Errors: UserFault when the slug is not
  /// well formed.
  virtual Awaitable<std::optional<FirstStartTokens>> first_start(FirstStart command) = 0;
  /// The token, whose text can be had from the store never again. Errors: NotFound.
  virtual Awaitable<Secret> create_api_token(CreateApiToken command) = 0;
  /// Errors: NotFound.
  virtual Awaitable<void> delete_api_token(DeleteApiToken command) = 0;
  /// Those that have not expired, oldest first.
  virtual Awaitable<std::vector<ApiToken>> api_tokens(OrganizationId organization,
                                                      Timestamp now) = 0;
  /// Who holds a token. Errors: Denied when nobody does, or it has expired.
  virtual Awaitable<Principal> authenticate(Secret token, Timestamp now) = 0;
  /// Oldest first.
  virtual Awaitable<std::vector<model::Organization>> organizations() = 0;
  /// Errors: NotFound.
  virtual Awaitable<model::Organization> organization(OrganizationId id) = 0;
  virtual Awaitable<model::Organization> organization_by_slug(std::string slug) = 0;
  /// Oldest first.
  virtual Awaitable<std::vector<model::User>> users(OrganizationId organization) = 0;

  // Clusters, queues and agent tokens.

  /// Oldest first.
  virtual Awaitable<std::vector<model::Cluster>> clusters(OrganizationId organization) = 0;
  /// Errors: Conflict when the name is taken.
  virtual Awaitable<model::Cluster> create_cluster(CreateCluster command) = 0;
  /// Errors: NotFound, also of the default queue; Conflict when the name is taken.
  virtual Awaitable<model::Cluster> update_cluster(UpdateCluster command) = 0;
  /// Deletes its queues, tokens, secrets and caches, too. Errors: NotFound; Conflict, with the
  /// reason, when it is the organization's only one, has pipelines, or agents are connected to it.
  virtual Awaitable<void> delete_cluster(DeleteCluster command) = 0;

  /// By the names of their clusters, then by key.
  virtual Awaitable<std::vector<model::Queue>> queues(OrganizationId organization) = 0;
  /// Errors: NotFound when there is no such cluster; Conflict when the key is taken.
  virtual Awaitable<model::Queue> create_queue(CreateQueue command) = 0;
  /// Errors: NotFound.
  virtual Awaitable<model::Queue> update_queue(UpdateQueue command) = 0;
  /// Errors: NotFound; Conflict, with the reason, when it is its cluster's default queue, agents
  /// are connected to it, or jobs of it are not over.
  virtual Awaitable<void> delete_queue(DeleteQueue command) = 0;
  /// Gives no more of its jobs to agents; running ones go on.
  /// Errors: NotFound; Conflict when it is paused already.
  virtual Awaitable<QueueChange> pause_queue(PauseQueue command) = 0;
  /// Errors: NotFound; Conflict when it is not paused.
  virtual Awaitable<QueueChange> resume_queue(ResumeQueue command) = 0;
  /// Every queue that is paused.
  virtual Awaitable<std::vector<QueueId>> paused_queues() = 0;

  /// Those that have not expired, oldest first.
  virtual Awaitable<std::vector<model::AgentToken>> agent_tokens(ClusterId cluster,
                                                                 Timestamp now) = 0;
  /// Errors: NotFound when there is no such cluster.
  virtual Awaitable<NewAgentToken> create_agent_token(CreateAgentToken command) = 0;
  /// Errors: NotFound.
  virtual Awaitable<model::AgentToken> update_agent_token(UpdateAgentToken command) = 0;
  /// Agents that registered with it stay. Errors: NotFound.
  virtual Awaitable<void> delete_agent_token(DeleteAgentToken command) = 0;

  // Agents.

  /// Errors: UserFault when its tags name a queue that the cluster does not have.
  virtual Awaitable<RegisteredAgent> register_agent(RegisterAgent command) = 0;
  /// Errors of the three: NotFound; Conflict when the agent's state does not allow it.
  virtual Awaitable<model::Agent> connect_agent(AgentSignal command) = 0;
  virtual Awaitable<model::Agent> disconnect_agent(AgentSignal command) = 0;
  /// Begins a full lease.
  virtual Awaitable<model::Agent> heartbeat(AgentSignal command) = 0;
  /// What the agent is told at its next ping; its running job goes on, unless it is to stop by
  /// force. Repeats are fine. Errors of the three: NotFound; Conflict when the agent is gone.
  virtual Awaitable<FollowUps> pause_agent(PauseAgent command) = 0;
  virtual Awaitable<FollowUps> resume_agent(AgentSignal command) = 0;
  virtual Awaitable<FollowUps> stop_agent(StopAgent command) = 0;
  /// Errors: NotFound.
  virtual Awaitable<model::Agent> agent(AgentId id) = 0;
  virtual Awaitable<Page<model::Agent>> agents(AgentFilter filter, PageRequest page) = 0;
  /// Those of `ids` that exist, each once, sorted by id.
  virtual Awaitable<std::vector<model::Agent>> agents(std::vector<AgentId> ids) = 0;

  // The life of a job.

  /// Every job that is Scheduled, in the order of their ids, after `after`, at most `limit`.
  virtual Awaitable<std::vector<RunnableJob>> runnable_jobs(std::optional<JobId> after,
                                                            std::int64_t limit) = 0;
  /// Those of `jobs` that are Scheduled.
  virtual Awaitable<std::vector<RunnableJob>> runnable_jobs(std::vector<JobId> jobs) = 0;
  /// Assigns a Scheduled job to an agent of its queue that has the tags it demands and is not
  /// paused; by `is_acquire` to any of its cluster. A repeat by the same agent gives the same
  /// answer. Errors: NotFound; Conflict when the job is not to be had, is not for this agent,
  /// its queue is paused, or the agent holds another one.
  virtual Awaitable<AcceptedJob> accept_job(AcceptJob command) = 0;
  /// A repeat is fine. Errors: NotFound; Conflict when the job is over.
  virtual Awaitable<JobChange> start_job(StartJob command) = 0;
  /// Ends a job. An equal repeat is fine, and so is a first report for a job that was canceled
  /// meanwhile. Errors: NotFound; Conflict when it has ended otherwise.
  virtual Awaitable<JobChange> finish_job(FinishJob command) = 0;
  /// Errors: NotFound.
  virtual Awaitable<model::JobState> job_state(JobId id) = 0;
  virtual Awaitable<model::Job> job(JobId id) = 0;
  virtual Awaitable<std::vector<model::Job>> jobs(JobFilter filter) = 0;
  virtual Awaitable<JobSlice> newest_jobs(NewestJobs query) = 0;
  virtual Awaitable<ShortIdMatches> short_id(FindShortId query) = 0;
  /// The environment that an agent is (or was, or would be) given for a job.
  virtual Awaitable<model::Variables> job_environment(JobId id, std::string public_url) = 0;
  /// Errors: NotFound; Conflict when the job is over.
  virtual Awaitable<JobChange> cancel_job(CancelJob command) = 0;
  /// The answers become meta-data in the same transaction, and what waits for the gate goes on.
  /// Errors: NotFound; UserFault when the job is no gate or an answer is too long; Conflict, with
  /// the reason, when it does not wait for a person, its build was canceled, or there is no such
  /// user in its organization.
  virtual Awaitable<UnblockedJob> unblock_job(UnblockJob command) = 0;
  /// What waited for the job in vain waits for its new attempt; a build that was over goes on.
  /// Errors: NotFound; UserFault when the job did not fail; Conflict, with the reason, when its
  /// build was canceled, it has been retried already, or its step does not allow it.
  virtual Awaitable<RetriedJob> retry_job(RetryJob command) = 0;
  /// Whether retry_job would do so now. Errors: NotFound.
  virtual Awaitable<RetryProspect> retry_prospect(JobId job) = 0;
  /// Passes over those whose steps do not allow it.
  /// Errors: NotFound; Conflict when the build was canceled.
  virtual Awaitable<RetriedJobs> retry_failed_jobs(RetryFailedJobs command) = 0;
  /// Errors: NotFound; Conflict when the job is over.
  virtual Awaitable<FollowUps> reprioritize_job(ReprioritizeJob command) = 0;
  /// The jobs, at most 100, that keep a job from being scheduled: not over yet, or over in a way
  /// that its step does not allow. Empty when nothing does. Errors: NotFound.
  virtual Awaitable<std::vector<model::Job>> blockers(JobId job) = 0;
  /// None when the job is not Limited. Errors: NotFound.
  virtual Awaitable<std::optional<GroupStanding>> group_standing(JobId job) = 0;
  /// Applies what time has done: lost agents, ended pauses, expired leases, jobs not started in
  /// time, timeouts, jobs nobody took. Call it every few seconds.
  virtual Awaitable<SweepResult> sweep(Sweep command) = 0;

  /// Errors: NotFound; UserFault when the limit is out of range; Conflict when the job is over.
  virtual Awaitable<void> limit_job(LimitJob command) = 0;
  /// Errors: NotFound; Conflict when the job is not running.
  virtual Awaitable<StandingPromise> promise_failure(PromiseFailure command) = 0;

  // Steps. Errors of all: NotFound when the build has no such step.

  virtual Awaitable<model::StepView> step(StepAddress step) = 0;
  /// Errors: UserFault when the label gets too long.
  virtual Awaitable<FollowUps> update_step(UpdateStep command) = 0;
  /// Cancels the jobs of the step. A repeat is fine while one of them has not ended, and may add
  /// force. Errors: Conflict when the step is over.
  virtual Awaitable<CanceledStep> cancel_step(CancelStep command) = 0;

  // Logs.

  /// Keeps one chunk. A repeated sequence with the same offset and size is fine and changes
  /// nothing. What exceeds the log limit is not kept: a line in the log says so where it was cut,
  /// and one at its end how much it was.
  /// Errors: NotFound; UserFault when the bytes are not `size` bytes in gzip, or the chunk is too
  /// large; Conflict when it overlaps another one or the log is complete.
  virtual Awaitable<void> append_chunk(AppendChunk command) = 0;
  /// Errors: NotFound.
  virtual Awaitable<LogExtent> log_extent(JobId job) = 0;
  /// Bytes of the readable part from `offset` on; empty at its end. Errors: NotFound.
  virtual Awaitable<std::string> read_log(ReadLog query) = 0;

  /// Errors: NotFound; Conflict when the job is not over.
  virtual Awaitable<RemovedSlice> remove_log(RemoveLog command) = 0;

  // Pipelines and builds.

  /// Errors: Conflict when name or slug is taken; UserFault when the slug is not well formed.
  virtual Awaitable<model::Pipeline> create_pipeline(CreatePipeline command) = 0;
  /// Errors: as create_pipeline; NotFound; Conflict (is_changed_meanwhile).
  virtual Awaitable<model::Pipeline> update_pipeline(UpdatePipeline command) = 0;
  /// A repeat is fine. Errors: NotFound.
  virtual Awaitable<model::Pipeline> archive_pipeline(ArchivePipeline command) = 0;
  /// Errors: NotFound; Conflict while it has builds.
  virtual Awaitable<void> delete_pipeline(PipelineId id) = 0;
  /// Errors: NotFound.
  virtual Awaitable<model::Pipeline> pipeline(PipelineId id) = 0;
  virtual Awaitable<model::Pipeline> pipeline_by_slug(OrganizationId organization,
                                                      std::string slug) = 0;
  /// Newest first.
  virtual Awaitable<Page<model::Pipeline>> pipelines(PipelineFilter filter, PageRequest page) = 0;

  // Looks at the repositories of pipelines.

  /// Errors: NotFound.
  virtual Awaitable<model::Pipeline> set_poll(SetPoll command) = 0;
  /// The longest overdue first.
  virtual Awaitable<std::vector<DuePoll>> due_polls(Timestamp now, std::int64_t limit) = 0;
  /// Forgets branches that are gone. A fresh head stays fresh until it is built or passed over.
  /// Errors of both: NotFound when nobody looks at this pipeline's repository any more.
  virtual Awaitable<TakenHeads> take_heads(TakeHeads command) = 0;
  virtual Awaitable<void> pass_head(PassHead command) = 0;
  virtual Awaitable<void> postpone_poll(PostponePoll command) = 0;

  /// Errors: NotFound when there is no such pipeline; of a polled build also when nobody looks at
  /// its repository any more, and Conflict when its commit was built on its branch already.
  /// Conflict also when the pipeline is archived, a key came with another request before, or the
  /// trigger that it is for wants none.
  virtual Awaitable<BuildChange> create_build(CreateBuild command) = 0;
  /// Jobs of triggers that want their builds made.
  virtual Awaitable<std::vector<JobId>> pending_triggers(std::int64_t limit) = 0;
  /// Nothing when the trigger wants no build any more.
  virtual Awaitable<FollowUps> refuse_trigger(RefuseTrigger command) = 0;
  /// What webhooks are still to be told, the longest overdue first, of all hosts alike.
  virtual Awaitable<std::vector<DueDelivery>> due_deliveries(Timestamp now,
                                                             DeliveryLimits limits) = 0;
  /// None: it has been told, is gone, or not due any more.
  virtual Awaitable<std::optional<WebhookDelivery>> due_delivery(DeliveryId id, Timestamp now) = 0;
  /// An attempt has failed. What is gone already is fine, here and in the next.
  virtual Awaitable<void> postpone_delivery(PostponeDelivery command) = 0;
  /// It has been told, or is given up.
  virtual Awaitable<void> end_delivery(DeliveryId delivery) = 0;
  /// None when no such request was made lately. Errors: Conflict when another one had its key.
  virtual Awaitable<std::optional<model::Build>> build_of_request(FindRequest query) = 0;
  /// Errors: NotFound.
  virtual Awaitable<model::Build> build(BuildId id) = 0;
  virtual Awaitable<model::Build> build_by_number(PipelineId pipeline, std::int64_t number) = 0;
  /// Errors: UserFault beyond kDeepestRow.
  virtual Awaitable<Page<model::Build>> builds(BuildFilter filter, PageRequest page) = 0;
  /// Cancels what has not begun at once and asks the agents of the rest to stop.
  /// Errors: NotFound; Conflict when the build is over or being canceled.
  virtual Awaitable<BuildChange> cancel_build(CancelBuild command) = 0;

  /// Errors: NotFound.
  virtual Awaitable<BuildEventSlice> build_events(ReadBuildEvents query) = 0;

  /// Inserts an upload's steps behind the uploading step and behind what its job uploaded before,
  /// all or none. What waits for the uploading step then waits for them too; their jobs take its
  /// place in the order of dispatch. The upload's env holds for every job of the build that is
  /// accepted later. An upload with a fault, or one that cannot be taken in, is kept as Rejected;
  /// a known uuid returns what became of it and changes nothing.
  /// Errors: NotFound; Conflict when the job is not running or its build is being canceled;
  /// UserFault when the build has had too many uploads.
  virtual Awaitable<PipelineUploadChange> upload_pipeline(UploadPipeline command) = 0;
  /// Errors: NotFound.
  virtual Awaitable<model::PipelineUpload> pipeline_upload(JobId job, std::string uuid) = 0;
  /// Newest first.
  virtual Awaitable<std::vector<KeptUpload>> pipeline_uploads(FindUploads query) = 0;

  // Meta-data of builds.

  /// Errors: NotFound; UserFault when a key or value is blank or too long.
  virtual Awaitable<void> set_meta_data(SetMetaData command) = 0;
  /// None when there is no such key. Errors: NotFound when there is no such build.
  virtual Awaitable<std::optional<std::string>> meta_data(BuildId build, std::string key) = 0;
  /// Sorted.
  virtual Awaitable<std::vector<std::string>> meta_data_keys(BuildId build) = 0;

  // Annotations.

  /// The annotation as it is then. A repeat of the last call changes nothing.
  /// Errors: NotFound when there is no such build or job; those of model::check and model::apply.
  virtual Awaitable<model::Annotation> annotate(Annotate command) = 0;
  /// Errors: NotFound.
  virtual Awaitable<model::Annotation> annotation(AnnotationId id) = 0;
  /// Errors: NotFound.
  virtual Awaitable<void> remove_annotation(RemoveAnnotation command) = 0;
  /// In the order of their priority, the highest first, then of their age.
  virtual Awaitable<Page<model::Annotation>> annotations(AnnotationFilter filter,
                                                         PageRequest page) = 0;

  // Artifacts.

  /// The ids, in the order of the command. Errors: NotFound; Conflict when the batch id is known
  /// with another number of artifacts.
  virtual Awaitable<std::vector<ArtifactId>> create_artifacts(CreateArtifacts command) = 0;
  /// Whether the job has declared a batch of that id.
  virtual Awaitable<bool> is_batch_declared(JobId job, std::string batch) = 0;
  /// The build. Errors: NotFound; Conflict when an artifact has the other outcome already. All or
  /// none.
  virtual Awaitable<BuildId> update_artifacts(UpdateArtifacts command) = 0;
  virtual Awaitable<std::vector<model::Artifact>> search_artifacts(SearchArtifacts query) = 0;
  /// Newest first.
  virtual Awaitable<Page<model::Artifact>> artifacts(ArtifactFilter filter, PageRequest page) = 0;
  /// Errors: NotFound.
  virtual Awaitable<model::Artifact> artifact(ArtifactId id) = 0;
  /// Its bytes too, if they are in the hub's own store.
  /// Errors: NotFound; Conflict while its job uploads it.
  virtual Awaitable<void> remove_artifact(RemoveArtifact command) = 0;
  /// All that were declared in one batch with `id`, in the order of the declaration.
  /// Errors: NotFound.
  virtual Awaitable<std::vector<model::Artifact>> artifacts_of_batch(ArtifactId id) = 0;

  // Secrets of clusters.

  /// Errors: NotFound when there is no such cluster; Conflict when the key is taken.
  virtual Awaitable<ClusterSecret> create_secret(CreateSecret command) = 0;
  /// Errors: NotFound.
  virtual Awaitable<ClusterSecret> update_secret(UpdateSecret command) = 0;
  /// Errors: NotFound.
  virtual Awaitable<void> delete_secret(DeleteSecret command) = 0;
  /// Sorted by key.
  virtual Awaitable<std::vector<ClusterSecret>> secrets(ClusterId cluster) = 0;
  /// Errors: NotFound.
  virtual Awaitable<ClusterSecret> secret(ClusterId cluster, SecretId id) = 0;
  /// The one of that key, letter case ignored; none when the cluster has none.
  virtual Awaitable<std::optional<ClusterSecret>> secret_of_cluster(ClusterId cluster,
                                                                    std::string key) = 0;
  /// The secret of that key, letter case ignored, in the cluster in which the job runs.
  /// Errors: NotFound.
  virtual Awaitable<ClusterSecret> secret_of_job(JobId job, std::string key) = 0;

  // Caches of clusters.

  /// Errors: NotFound when there is no such cluster.
  virtual Awaitable<CacheId> store_cache(StoreCache command) = 0;
  /// In place of the entry that has the same key, if there is one. A repeat is fine.
  /// Errors: NotFound.
  virtual Awaitable<void> commit_cache(CommitCache command) = 0;
  /// What is committed and has not expired; none when nothing is.
  virtual Awaitable<std::optional<FoundCache>> find_cache(FindCache query) = 0;
  /// What is not there is fine.
  virtual Awaitable<void> expire_cache(ExpireCache command) = 0;

  // Step plugins.

  /// The plugin as it is published then: one with another id when the same was published before.
  /// Errors: Conflict, with the reason, when something else has its name, version and platform, or
  /// the same plugin.json is published with another signature.
  virtual Awaitable<PublishedPlugin> publish_plugin(PublishedPlugin plugin) = 0;
  /// Newest first.
  virtual Awaitable<Page<PublishedPlugin>> plugins(OrganizationId organization,
                                                   PageRequest page) = 0;
  /// The one of the agent's organization whose plugin.json has that digest, for that platform.
  /// Errors: NotFound.
  virtual Awaitable<PublishedPlugin> plugin_for(AgentId agent, WantedPlugin wanted) = 0;
  /// What they have the hub keep: store/plugin_records.hpp. Lives as long as the store.
  virtual PluginRecords& plugin_records() = 0;

  // Upkeep.

  /// For monitors; as cheap with a long history as with a short one.
  virtual Awaitable<Levels> levels() = 0;
  /// Every queue of a cluster.
  virtual Awaitable<std::vector<QueueLevels>> queue_levels(ClusterId cluster) = 0;
  /// What has expired, the oldest first.
  virtual Awaitable<std::vector<ExpiredBuild>> expired_builds(FindExpired query) = 0;
  /// Errors: Conflict when the build is not over. What is gone already is fine.
  virtual Awaitable<RemovedSlice> remove_expired(RemoveExpired command) = 0;
  /// Blobs that have lost their rows; their files are to be removed. In a fixed order, those behind
  /// `after`.
  virtual Awaitable<std::vector<BlobName>> removed_blobs(std::optional<BlobName> after,
                                                         std::int64_t limit) = 0;
  /// Their files are gone.
  virtual Awaitable<void> forget_removed_blobs(std::vector<BlobName> blobs) = 0;

  /// Refuses further calls, completes those that are queued, and closes the files. Blocks until
  /// then: a few milliseconds. The destructor does the same.
  virtual void close() = 0;
};

}  // namespace ostler::store
