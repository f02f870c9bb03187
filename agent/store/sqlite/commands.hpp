// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/annotations.hpp"
#include "store/blob_store.hpp"
#include "store/builds.hpp"
#include "store/caches.hpp"
#include "store/clusters.hpp"
#include "store/identity.hpp"
#include "store/jobs.hpp"
#include "store/plugins.hpp"
#include "store/polls.hpp"
#include "store/retention.hpp"
#include "store/secrets.hpp"
#include "store/sqlite/connection.hpp"
#include "store/steps.hpp"
#include "store/webhooks.hpp"

// The writes of store/store.hpp, each inside a transaction that its caller begins and commits, and
// that may be run again. Errors are those of the interface.
namespace ostler::store::sqlite {

Result<std::optional<FirstStartTokens>> first_start(Connection& database,
                                                    const FirstStart& command);
Result<Secret> create_api_token(Connection& database, const CreateApiToken& command);

Result<void> delete_api_token(Connection& database, const DeleteApiToken& command);

Result<model::Cluster> create_cluster(Connection& database, const CreateCluster& command);
Result<model::Cluster> update_cluster(Connection& database, const UpdateCluster& command);
Result<void> delete_cluster(Connection& database, const DeleteCluster& command);

Result<model::Queue> create_queue(Connection& database, const CreateQueue& command);
Result<model::Queue> update_queue(Connection& database, const UpdateQueue& command);
Result<void> delete_queue(Connection& database, const DeleteQueue& command);
Result<QueueChange> pause_queue(Connection& database, const PauseQueue& command);
Result<QueueChange> resume_queue(Connection& database, const ResumeQueue& command);

Result<NewAgentToken> create_agent_token(Connection& database, const CreateAgentToken& command);
Result<model::AgentToken> update_agent_token(Connection& database, const UpdateAgentToken& command);
Result<void> delete_agent_token(Connection& database, const DeleteAgentToken& command);

Result<RegisteredAgent> register_agent(Connection& database, const RegisterAgent& command);
Result<model::Agent> signal_agent(Connection& database, const AgentSignal& command,
                                  model::AgentEvent event);

Result<FollowUps> pause_agent(Connection& database, const PauseAgent& command);
Result<FollowUps> resume_agent(Connection& database, const AgentSignal& command);
Result<FollowUps> stop_agent(Connection& database, const StopAgent& command);
Result<void> end_pause(Connection& database, AgentId agent);

Result<model::Pipeline> create_pipeline(Connection& database, const CreatePipeline& command);
Result<model::Pipeline> update_pipeline(Connection& database, const UpdatePipeline& command);
Result<model::Pipeline> archive_pipeline(Connection& database, const ArchivePipeline& command);
Result<void> delete_pipeline(Connection& database, const PipelineId& id);
Result<BuildChange> create_build(Connection& database, const CreateBuild& command);
/// Remembers which build a request has made.
Result<void> keep_request_key(Connection& database, const RequestKey& key, BuildId build,
                              Timestamp now);
Result<BuildChange> cancel_build(Connection& database, const CancelBuild& command);
Result<PipelineUploadChange> upload_pipeline(Connection& database, const UploadPipeline& command);

Result<AcceptedJob> accept_job(Connection& database, const AcceptJob& command);
Result<JobChange> start_job(Connection& database, const StartJob& command);
Result<JobChange> finish_job(Connection& database, const FinishJob& command);
Result<JobChange> cancel_job(Connection& database, const CancelJob& command);
Result<UnblockedJob> unblock_job(Connection& database, const UnblockJob& command);
Result<void> postpone_delivery(Connection& database, const PostponeDelivery& command);
Result<void> end_delivery(Connection& database, const DeliveryId& delivery);
Result<FollowUps> refuse_trigger(Connection& database, const RefuseTrigger& command);
/// Fails the job that waits for a build which goes from the store.
Result<FollowUps> fail_trigger_of(Connection& database, BuildId build, Timestamp now);
Result<RetriedJob> retry_job(Connection& database, const RetryJob& command);
Result<RetriedJobs> retry_failed_jobs(Connection& database, const RetryFailedJobs& command);
Result<FollowUps> reprioritize_job(Connection& database, const ReprioritizeJob& command);
Result<void> limit_job(Connection& database, const LimitJob& command);
Result<StandingPromise> promise_failure(Connection& database, const PromiseFailure& command);

Result<FollowUps> update_step(Connection& database, const UpdateStep& command);
Result<CanceledStep> cancel_step(Connection& database, const CancelStep& command);

/// `previous`: when the sweep before it was. Long ago means that the hub stood still meanwhile,
/// which must not count against anybody: the sweep then renews all terms. A clock that was set
/// counts for nobody either.
Result<SweepResult> sweep(Connection& database, const Sweep& command, Timestamp previous);
/// Gives every lease and every accepted job a full term from `now`.
Result<void> renew_terms(Connection& database, Timestamp now);

Result<void> set_meta_data(Connection& database, const SetMetaData& command);

Result<model::Annotation> annotate(Connection& database, const Annotate& command);
Result<void> remove_annotation(Connection& database, const RemoveAnnotation& command);

Result<std::vector<ArtifactId>> create_artifacts(Connection& database,
                                                 const CreateArtifacts& command);
Result<BuildId> update_artifacts(Connection& database, const UpdateArtifacts& command);

Result<model::Pipeline> set_poll(Connection& database, const SetPoll& command);
Result<TakenHeads> take_heads(Connection& database, const TakeHeads& command);
Result<void> pass_head(Connection& database, const PassHead& command);
/// Errors: Conflict when the head was built on its branch already; NotFound when nobody looks at
/// the pipeline's repository.
Result<void> begin_polled_build(Connection& database, const PassHead& command);
Result<void> postpone_poll(Connection& database, const PostponePoll& command);

Result<ClusterSecret> create_secret(Connection& database, const CreateSecret& command);
Result<ClusterSecret> update_secret(Connection& database, const UpdateSecret& command);
Result<void> delete_secret(Connection& database, const DeleteSecret& command);

Result<PublishedPlugin> publish_plugin(Connection& database, const PublishedPlugin& plugin);
/// Removes archives that a hub kept and then, killed, did not publish.
Result<void> remove_unpublished(Connection& database, BlobStore& blobs);

Result<CacheId> store_cache(Connection& database, const StoreCache& command);
Result<void> commit_cache(Connection& database, const CommitCache& command);
Result<void> expire_cache(Connection& database, const ExpireCache& command);
/// Removes what has expired; whether there may be more than `limit`.
Result<bool> forget_caches(Connection& database, Timestamp now, std::int64_t limit);

Result<void> remove_artifact(Connection& database, const RemoveArtifact& command);
Result<RemovedSlice> remove_log(Connection& database, const RemoveLog& command);
Result<RemovedSlice> remove_expired(Connection& database, const RemoveExpired& command);
Result<void> forget_removed_blobs(Connection& database, const std::vector<BlobName>& blobs);

}  // namespace ostler::store::sqlite
