// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
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
#include "store/sqlite/connection.hpp"
#include "store/steps.hpp"
#include "store/webhooks.hpp"

// The reads of store/store.hpp. Errors are those of the interface.
namespace ostler::store::sqlite {

Result<Principal> authenticate(Connection& database, const Secret& token, Timestamp now);
Result<std::vector<ApiToken>> list_api_tokens(Connection& database, OrganizationId organization,
                                              Timestamp now);
Result<std::vector<model::Organization>> list_organizations(Connection& database);
Result<model::Organization> load_organization(Connection& database, OrganizationId id);
Result<model::Organization> load_organization_by_slug(Connection& database,
                                                      const std::string& slug);
Result<std::vector<model::User>> list_users(Connection& database, OrganizationId organization);

Result<std::vector<model::Cluster>> list_clusters(Connection& database,
                                                  OrganizationId organization);
Result<std::vector<model::Queue>> list_queues(Connection& database, OrganizationId organization);
Result<std::vector<QueueId>> list_paused_queues(Connection& database);
Result<std::vector<model::AgentToken>> list_agent_tokens(Connection& database, ClusterId cluster,
                                                         Timestamp now);
struct ChosenQueue {
  QueueId id;
  std::optional<std::chrono::seconds> lease{};  ///< its own
};
/// The queue that "queue=<key>" in `rules` names, or the cluster's default one.
/// Errors: UserFault when there is no such queue.
Result<ChosenQueue> choose_queue(Connection& database, ClusterId cluster,
                                 const std::vector<std::string>& rules);

Result<model::Agent> load_agent(Connection& database, AgentId id);
Result<std::vector<model::Agent>> load_agents(Connection& database, std::vector<AgentId> ids);
Result<Page<model::Agent>> list_agents(Connection& database, const AgentFilter& filter,
                                       const PageRequest& page);

Result<model::Pipeline> load_pipeline(Connection& database, PipelineId id);
Result<model::Pipeline> load_pipeline_by_slug(Connection& database, OrganizationId organization,
                                              const std::string& slug);
Result<std::optional<model::Build>> find_build_of_request(Connection& database,
                                                          const FindRequest& query);

Result<Page<model::Pipeline>> list_pipelines(Connection& database, const PipelineFilter& filter,
                                             const PageRequest& page);

Result<ShortIdMatches> find_short_id(Connection& database, const FindShortId& query);

Result<model::Build> load_build(Connection& database, BuildId id);
Result<model::Build> load_build_by_number(Connection& database, PipelineId pipeline,
                                          std::int64_t number);
Result<Page<model::Build>> list_builds(Connection& database, const BuildFilter& filter,
                                       const PageRequest& page);

Result<BuildEventSlice> load_build_events(Connection& database, const ReadBuildEvents& query);

Result<model::PipelineUpload> load_pipeline_upload(Connection& database, JobId job,
                                                   const std::string& uuid);
Result<std::vector<KeptUpload>> list_pipeline_uploads(Connection& database,
                                                      const FindUploads& query);

Result<model::Job> load_job(Connection& database, JobId id);
Result<std::vector<model::Job>> list_blockers(Connection& database, JobId id);
Result<std::optional<GroupStanding>> load_group_standing(Connection& database, JobId id);
Result<RetryProspect> load_retry_prospect(Connection& database, JobId id);
Result<model::StepView> load_step(Connection& database, const StepAddress& address);
Result<std::vector<model::Job>> list_jobs(Connection& database, const JobFilter& filter);
Result<model::JobState> load_job_state(Connection& database, JobId id);
Result<JobSlice> list_newest_jobs(Connection& database, const NewestJobs& query);
Result<std::vector<RunnableJob>> list_runnable_jobs(Connection& database,
                                                    const std::optional<JobId>& after,
                                                    std::int64_t limit);
Result<std::vector<RunnableJob>> load_runnable_jobs(Connection& database,
                                                    const std::vector<JobId>& jobs);
Result<model::Variables> load_job_environment(Connection& database, JobId id,
                                              const std::string& public_url);

Result<std::optional<std::string>> load_meta_data(Connection& database, BuildId build,
                                                  const std::string& key);
Result<std::vector<std::string>> list_meta_data_keys(Connection& database, BuildId build);

/// Without the counters of the writer.
Result<Levels> load_levels(Connection& database);
Result<std::vector<QueueLevels>> load_queue_levels(Connection& database, ClusterId cluster);
Result<std::vector<DueDelivery>> list_due_deliveries(Connection& database, Timestamp now,
                                                     const DeliveryLimits& limits);
Result<std::optional<WebhookDelivery>> find_due_delivery(Connection& database, const DeliveryId& id,
                                                         Timestamp now);
Result<std::vector<JobId>> list_pending_triggers(Connection& database, std::int64_t limit);
Result<std::vector<DuePoll>> list_due_polls(Connection& database, Timestamp now,
                                            std::int64_t limit);
Result<std::vector<ExpiredBuild>> list_expired_builds(Connection& database,
                                                      const FindExpired& query);
Result<std::vector<BlobName>> list_removed_blobs(Connection& database,
                                                 const std::optional<BlobName>& after,
                                                 std::int64_t limit);

Result<model::Annotation> load_annotation(Connection& database, AnnotationId id);
Result<Page<model::Annotation>> list_annotations(Connection& database,
                                                 const AnnotationFilter& filter,
                                                 const PageRequest& page);

Result<bool> is_batch_declared(Connection& database, JobId job, const std::string& batch);
Result<std::vector<model::Artifact>> search_artifacts(Connection& database,
                                                      const SearchArtifacts& query);
Result<Page<model::Artifact>> list_artifacts(Connection& database, const ArtifactFilter& filter,
                                             const PageRequest& page);
Result<model::Artifact> load_artifact(Connection& database, ArtifactId id);
Result<std::vector<model::Artifact>> load_artifact_batch(Connection& database, ArtifactId id);

Result<std::vector<ClusterSecret>> list_secrets(Connection& database, ClusterId cluster);
Result<ClusterSecret> load_secret(Connection& database, ClusterId cluster, SecretId id);
Result<std::optional<ClusterSecret>> find_secret_of_cluster(Connection& database, ClusterId cluster,
                                                            const std::string& key);
Result<Page<PublishedPlugin>> list_plugins(Connection& database, OrganizationId organization,
                                           const PageRequest& page);
Result<PublishedPlugin> load_plugin_for(Connection& database, AgentId agent,
                                        const WantedPlugin& wanted);

Result<std::optional<FoundCache>> find_cache(Connection& database, const FindCache& query);
Result<ClusterSecret> load_secret_of_job(Connection& database, JobId job, const std::string& key);

}  // namespace ostler::store::sqlite
