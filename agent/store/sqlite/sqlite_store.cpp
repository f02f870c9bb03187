// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/sqlite_store.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "files/file.hpp"
#include "files/file_lock.hpp"
#include "store/sqlite/call_queues.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/log_index.hpp"
#include "store/sqlite/opening.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/reader_pool.hpp"
#include "store/sqlite/sqlite_plugin_records.hpp"
#include "store/sqlite/writer.hpp"

namespace ostler::store {
namespace {

using sqlite::Connection;

/// A table: which function of commands.hpp or queries.hpp each call of a store is, and whether the
/// writer runs it or a reader. What is more than a line of it stands where its idea does.
class SqliteStore final : public Store {
 public:
  SqliteStore(SqliteOptions options, files::FileLock lock, Connection writer,
              std::vector<Connection> readers, BlobStore& blobs)
      : options_(std::move(options)),
        lock_(std::move(lock)),
        last_sweep_(options_.now.micros),
        blobs_(blobs),
        queues_(options_.queued_commands, options_.queued_bytes),
        writer_(std::in_place, std::move(writer), blobs, queues_.writes, work_done_),
        readers_(std::in_place, std::move(readers), queues_.reads) {}
  ~SqliteStore() override { close(); }

  Awaitable<std::optional<FirstStartTokens>> first_start(FirstStart command) override {
    return queues_.write(std::move(command), sqlite::first_start);
  }
  Awaitable<Secret> create_api_token(CreateApiToken command) override {
    return queues_.write(std::move(command), sqlite::create_api_token);
  }
  Awaitable<void> delete_api_token(DeleteApiToken command) override {
    return queues_.write(command, sqlite::delete_api_token);
  }
  Awaitable<std::vector<ApiToken>> api_tokens(OrganizationId organization, Timestamp now) override {
    return queues_.read(organization, now, sqlite::list_api_tokens);
  }
  Awaitable<Principal> authenticate(Secret token, Timestamp now) override {
    return queues_.read<Principal>([token = std::move(token), now](Connection& database) {
      return sqlite::authenticate(database, token, now);
    });
  }
  Awaitable<std::vector<model::Organization>> organizations() override {
    return queues_.read<std::vector<model::Organization>>(sqlite::list_organizations);
  }
  Awaitable<model::Organization> organization(OrganizationId id) override {
    return queues_.read(id, sqlite::load_organization);
  }
  Awaitable<model::Organization> organization_by_slug(std::string slug) override {
    return queues_.read(std::move(slug), sqlite::load_organization_by_slug);
  }
  Awaitable<std::vector<model::User>> users(OrganizationId organization) override {
    return queues_.read(organization, sqlite::list_users);
  }

  Awaitable<std::vector<model::Cluster>> clusters(OrganizationId organization) override {
    return queues_.read(organization, sqlite::list_clusters);
  }
  Awaitable<model::Cluster> create_cluster(CreateCluster command) override {
    return queues_.write(std::move(command), sqlite::create_cluster);
  }
  Awaitable<model::Cluster> update_cluster(UpdateCluster command) override {
    return queues_.write(std::move(command), sqlite::update_cluster);
  }
  Awaitable<void> delete_cluster(DeleteCluster command) override {
    return queues_.write(command, sqlite::delete_cluster);
  }
  Awaitable<std::vector<model::Queue>> queues(OrganizationId organization) override {
    return queues_.read(organization, sqlite::list_queues);
  }
  Awaitable<model::Queue> create_queue(CreateQueue command) override {
    return queues_.write(std::move(command), sqlite::create_queue);
  }
  Awaitable<model::Queue> update_queue(UpdateQueue command) override {
    return queues_.write(std::move(command), sqlite::update_queue);
  }
  Awaitable<void> delete_queue(DeleteQueue command) override {
    return queues_.write(command, sqlite::delete_queue);
  }
  Awaitable<QueueChange> pause_queue(PauseQueue command) override {
    return queues_.write(std::move(command), sqlite::pause_queue);
  }
  Awaitable<QueueChange> resume_queue(ResumeQueue command) override {
    return queues_.write(command, sqlite::resume_queue);
  }
  Awaitable<std::vector<QueueId>> paused_queues() override {
    return queues_.read<std::vector<QueueId>>(sqlite::list_paused_queues);
  }
  Awaitable<std::vector<model::AgentToken>> agent_tokens(ClusterId cluster,
                                                         Timestamp now) override {
    return queues_.read(cluster, now, sqlite::list_agent_tokens);
  }
  Awaitable<NewAgentToken> create_agent_token(CreateAgentToken command) override {
    return queues_.write(std::move(command), sqlite::create_agent_token);
  }
  Awaitable<model::AgentToken> update_agent_token(UpdateAgentToken command) override {
    return queues_.write(std::move(command), sqlite::update_agent_token);
  }
  Awaitable<void> delete_agent_token(DeleteAgentToken command) override {
    return queues_.write(command, sqlite::delete_agent_token);
  }

  Awaitable<RegisteredAgent> register_agent(RegisterAgent command) override {
    return queues_.write(std::move(command), sqlite::register_agent);
  }
  Awaitable<model::Agent> connect_agent(AgentSignal command) override {
    return signal(command, model::AgentEvent::Connect);
  }
  Awaitable<model::Agent> disconnect_agent(AgentSignal command) override {
    return signal(command, model::AgentEvent::Disconnect);
  }
  Awaitable<model::Agent> heartbeat(AgentSignal command) override {
    return signal(command, model::AgentEvent::Heartbeat);
  }
  Awaitable<FollowUps> pause_agent(PauseAgent command) override {
    return queues_.write(std::move(command), sqlite::pause_agent);
  }
  Awaitable<FollowUps> resume_agent(AgentSignal command) override {
    return queues_.write(command, sqlite::resume_agent);
  }
  Awaitable<FollowUps> stop_agent(StopAgent command) override {
    return queues_.write(command, sqlite::stop_agent);
  }
  Awaitable<model::Agent> agent(AgentId id) override {
    return queues_.read(id, sqlite::load_agent);
  }
  Awaitable<Page<model::Agent>> agents(AgentFilter filter, PageRequest page) override {
    return queues_.read(std::move(filter), page, sqlite::list_agents);
  }
  Awaitable<std::vector<model::Agent>> agents(std::vector<AgentId> ids) override {
    return queues_.read(std::move(ids), sqlite::load_agents);
  }

  Awaitable<std::vector<RunnableJob>> runnable_jobs(std::optional<JobId> after,
                                                    std::int64_t limit) override {
    return queues_.read(after, limit, sqlite::list_runnable_jobs);
  }
  Awaitable<std::vector<RunnableJob>> runnable_jobs(std::vector<JobId> jobs) override {
    return queues_.read(std::move(jobs), sqlite::load_runnable_jobs);
  }
  Awaitable<AcceptedJob> accept_job(AcceptJob command) override {
    return queues_.write(std::move(command), sqlite::accept_job);
  }
  Awaitable<JobChange> start_job(StartJob command) override {
    return queues_.write(std::move(command), sqlite::start_job);
  }
  Awaitable<JobChange> finish_job(FinishJob command) override {
    return queues_.write(std::move(command), sqlite::finish_job);
  }
  Awaitable<model::JobState> job_state(JobId id) override {
    return queues_.read(id, sqlite::load_job_state);
  }
  Awaitable<model::Job> job(JobId id) override { return queues_.read(id, sqlite::load_job); }
  Awaitable<std::vector<model::Job>> jobs(JobFilter filter) override {
    return queues_.read(std::move(filter), sqlite::list_jobs);
  }
  Awaitable<JobSlice> newest_jobs(NewestJobs query) override {
    return queues_.read(std::move(query), sqlite::list_newest_jobs);
  }
  Awaitable<model::Variables> job_environment(JobId id, std::string public_url) override {
    return queues_.read(id, std::move(public_url), sqlite::load_job_environment);
  }
  Awaitable<UnblockedJob> unblock_job(UnblockJob command) override {
    return queues_.write(std::move(command), sqlite::unblock_job);
  }
  Awaitable<RetriedJob> retry_job(RetryJob command) override {
    return queues_.write(std::move(command), sqlite::retry_job);
  }
  Awaitable<RetryProspect> retry_prospect(JobId job) override {
    return queues_.read(job, sqlite::load_retry_prospect);
  }
  Awaitable<RetriedJobs> retry_failed_jobs(RetryFailedJobs command) override {
    return queues_.write(std::move(command), sqlite::retry_failed_jobs);
  }
  Awaitable<JobChange> cancel_job(CancelJob command) override {
    return queues_.write(std::move(command), sqlite::cancel_job);
  }
  Awaitable<FollowUps> reprioritize_job(ReprioritizeJob command) override {
    return queues_.write(command, sqlite::reprioritize_job);
  }
  Awaitable<std::vector<model::Job>> blockers(JobId job) override {
    return queues_.read(job, sqlite::list_blockers);
  }
  Awaitable<std::optional<GroupStanding>> group_standing(JobId job) override {
    return queues_.read(job, sqlite::load_group_standing);
  }
  Awaitable<void> limit_job(LimitJob command) override {
    return queues_.write(std::move(command), sqlite::limit_job);
  }
  Awaitable<StandingPromise> promise_failure(PromiseFailure command) override {
    return queues_.write(std::move(command), sqlite::promise_failure);
  }
  Awaitable<model::StepView> step(StepAddress step) override {
    return queues_.read(std::move(step), sqlite::load_step);
  }
  Awaitable<FollowUps> update_step(UpdateStep command) override {
    return queues_.write(std::move(command), sqlite::update_step);
  }
  Awaitable<CanceledStep> cancel_step(CancelStep command) override {
    return queues_.write(std::move(command), sqlite::cancel_step);
  }
  Awaitable<SweepResult> sweep(Sweep command) override {
    const Timestamp previous{last_sweep_.load()};
    auto swept = co_await sqlite::await_call<SweepResult>(
        queues_.writes, [command, previous](Connection& database) {
          return sqlite::sweep(database, command, previous);
        });
    if (swept) last_sweep_ = command.now.micros;
    co_return swept;
  }

  Awaitable<void> append_chunk(AppendChunk command) override {
    const auto chunk = std::make_shared<const AppendChunk>(std::move(command));
    const sqlite::LogLimits limits{options_.log_limit, options_.chunk_limit};
    auto checked = co_await sqlite::await_call<sqlite::CheckedChunk>(
        queues_.reads,
        [chunk, limits](Connection& database) {
          return sqlite::check_chunk(database, *chunk, limits);
        },
        chunk->gzip.size());
    if (!checked) co_return checked.error();
    const auto fitting = std::make_shared<const sqlite::CheckedChunk>(std::move(checked).value());
    co_return co_await sqlite::await_call<void>(
        queues_.writes,
        [fitting, this](Connection& database) {
          return sqlite::append_chunk(database, blobs_, *fitting);
        },
        fitting->kept.gzip.size());
  }
  Awaitable<LogExtent> log_extent(JobId job) override {
    return queues_.read(job, sqlite::log_extent);
  }
  Awaitable<std::string> read_log(ReadLog query) override {
    return queues_.read<std::string>(
        [query, this](Connection& database) { return sqlite::read_log(database, blobs_, query); });
  }

  Awaitable<RemovedSlice> remove_log(RemoveLog command) override {
    return queues_.write(command, sqlite::remove_log);
  }

  Awaitable<model::Pipeline> create_pipeline(CreatePipeline command) override {
    return queues_.write(std::move(command), sqlite::create_pipeline);
  }
  Awaitable<model::Pipeline> update_pipeline(UpdatePipeline command) override {
    return queues_.write(std::move(command), sqlite::update_pipeline);
  }
  Awaitable<model::Pipeline> archive_pipeline(ArchivePipeline command) override {
    return queues_.write(command, sqlite::archive_pipeline);
  }
  Awaitable<void> delete_pipeline(PipelineId id) override {
    return queues_.write(id, sqlite::delete_pipeline);
  }
  Awaitable<model::Pipeline> pipeline(PipelineId id) override {
    return queues_.read(id, sqlite::load_pipeline);
  }
  Awaitable<model::Pipeline> pipeline_by_slug(OrganizationId organization,
                                              std::string slug) override {
    return queues_.read(organization, std::move(slug), sqlite::load_pipeline_by_slug);
  }
  Awaitable<Page<model::Pipeline>> pipelines(PipelineFilter filter, PageRequest page) override {
    return queues_.read(std::move(filter), page, sqlite::list_pipelines);
  }
  Awaitable<model::Pipeline> set_poll(SetPoll command) override {
    return queues_.write(command, sqlite::set_poll);
  }
  Awaitable<std::vector<DuePoll>> due_polls(Timestamp now, std::int64_t limit) override {
    return queues_.read(now, limit, sqlite::list_due_polls);
  }
  Awaitable<TakenHeads> take_heads(TakeHeads command) override {
    return queues_.write(std::move(command), sqlite::take_heads);
  }
  Awaitable<void> pass_head(PassHead command) override {
    return queues_.write(std::move(command), sqlite::pass_head);
  }
  Awaitable<void> postpone_poll(PostponePoll command) override {
    return queues_.write(command, sqlite::postpone_poll);
  }
  Awaitable<BuildChange> create_build(CreateBuild command) override {
    return queues_.write(std::move(command), sqlite::create_build);
  }
  Awaitable<std::vector<JobId>> pending_triggers(std::int64_t limit) override {
    return queues_.read(limit, sqlite::list_pending_triggers);
  }
  Awaitable<FollowUps> refuse_trigger(RefuseTrigger command) override {
    return queues_.write(std::move(command), sqlite::refuse_trigger);
  }
  Awaitable<std::vector<DueDelivery>> due_deliveries(Timestamp now,
                                                     DeliveryLimits limits) override {
    return queues_.read(now, limits, sqlite::list_due_deliveries);
  }
  Awaitable<std::optional<WebhookDelivery>> due_delivery(DeliveryId id, Timestamp now) override {
    return queues_.read(id, now, sqlite::find_due_delivery);
  }
  Awaitable<void> postpone_delivery(PostponeDelivery command) override {
    return queues_.write(command, sqlite::postpone_delivery);
  }
  Awaitable<void> end_delivery(DeliveryId delivery) override {
    return queues_.write(delivery, sqlite::end_delivery);
  }
  Awaitable<std::optional<model::Build>> build_of_request(FindRequest query) override {
    return queues_.read(std::move(query), sqlite::find_build_of_request);
  }
  Awaitable<ShortIdMatches> short_id(FindShortId query) override {
    return queues_.read(query, sqlite::find_short_id);
  }
  Awaitable<model::Build> build(BuildId id) override {
    return queues_.read(id, sqlite::load_build);
  }
  Awaitable<model::Build> build_by_number(PipelineId pipeline, std::int64_t number) override {
    return queues_.read(pipeline, number, sqlite::load_build_by_number);
  }
  Awaitable<Page<model::Build>> builds(BuildFilter filter, PageRequest page) override {
    return queues_.read(std::move(filter), page, sqlite::list_builds);
  }
  Awaitable<BuildChange> cancel_build(CancelBuild command) override {
    return queues_.write(std::move(command), sqlite::cancel_build);
  }
  Awaitable<BuildEventSlice> build_events(ReadBuildEvents query) override {
    return queues_.read(query, sqlite::load_build_events);
  }
  Awaitable<PipelineUploadChange> upload_pipeline(UploadPipeline command) override {
    return queues_.write(std::move(command), sqlite::upload_pipeline);
  }
  Awaitable<model::PipelineUpload> pipeline_upload(JobId job, std::string uuid) override {
    return queues_.read(job, std::move(uuid), sqlite::load_pipeline_upload);
  }
  Awaitable<std::vector<KeptUpload>> pipeline_uploads(FindUploads query) override {
    return queues_.read(std::move(query), sqlite::list_pipeline_uploads);
  }

  Awaitable<void> set_meta_data(SetMetaData command) override {
    return queues_.write(std::move(command), sqlite::set_meta_data);
  }
  Awaitable<std::optional<std::string>> meta_data(BuildId build, std::string key) override {
    return queues_.read(build, std::move(key), sqlite::load_meta_data);
  }
  Awaitable<std::vector<std::string>> meta_data_keys(BuildId build) override {
    return queues_.read(build, sqlite::list_meta_data_keys);
  }

  Awaitable<model::Annotation> annotate(Annotate command) override {
    return queues_.write(std::move(command), sqlite::annotate);
  }
  Awaitable<model::Annotation> annotation(AnnotationId id) override {
    return queues_.read(id, sqlite::load_annotation);
  }
  Awaitable<void> remove_annotation(RemoveAnnotation command) override {
    return queues_.write(std::move(command), sqlite::remove_annotation);
  }
  Awaitable<Page<model::Annotation>> annotations(AnnotationFilter filter,
                                                 PageRequest page) override {
    return queues_.read(std::move(filter), page, sqlite::list_annotations);
  }

  Awaitable<std::vector<ArtifactId>> create_artifacts(CreateArtifacts command) override {
    return queues_.write(std::move(command), sqlite::create_artifacts);
  }
  Awaitable<bool> is_batch_declared(JobId job, std::string batch) override {
    return queues_.read(job, std::move(batch), sqlite::is_batch_declared);
  }
  Awaitable<BuildId> update_artifacts(UpdateArtifacts command) override {
    return queues_.write(std::move(command), sqlite::update_artifacts);
  }
  Awaitable<std::vector<model::Artifact>> search_artifacts(SearchArtifacts query) override {
    return queues_.read(std::move(query), sqlite::search_artifacts);
  }
  Awaitable<Page<model::Artifact>> artifacts(ArtifactFilter filter, PageRequest page) override {
    return queues_.read(std::move(filter), page, sqlite::list_artifacts);
  }
  Awaitable<model::Artifact> artifact(ArtifactId id) override {
    return queues_.read(id, sqlite::load_artifact);
  }
  Awaitable<void> remove_artifact(RemoveArtifact command) override {
    return queues_.write(command, sqlite::remove_artifact);
  }
  Awaitable<std::vector<model::Artifact>> artifacts_of_batch(ArtifactId id) override {
    return queues_.read(id, sqlite::load_artifact_batch);
  }

  Awaitable<ClusterSecret> create_secret(CreateSecret command) override {
    return queues_.write(std::move(command), sqlite::create_secret);
  }
  Awaitable<ClusterSecret> update_secret(UpdateSecret command) override {
    return queues_.write(std::move(command), sqlite::update_secret);
  }
  Awaitable<void> delete_secret(DeleteSecret command) override {
    return queues_.write(std::move(command), sqlite::delete_secret);
  }
  Awaitable<std::vector<ClusterSecret>> secrets(ClusterId cluster) override {
    return queues_.read(cluster, sqlite::list_secrets);
  }
  Awaitable<ClusterSecret> secret(ClusterId cluster, SecretId id) override {
    return queues_.read(cluster, id, sqlite::load_secret);
  }
  Awaitable<std::optional<ClusterSecret>> secret_of_cluster(ClusterId cluster,
                                                            std::string key) override {
    return queues_.read(cluster, std::move(key), sqlite::find_secret_of_cluster);
  }
  Awaitable<ClusterSecret> secret_of_job(JobId job, std::string key) override {
    return queues_.read(job, std::move(key), sqlite::load_secret_of_job);
  }

  Awaitable<CacheId> store_cache(StoreCache command) override {
    return queues_.write(std::move(command), sqlite::store_cache);
  }
  Awaitable<void> commit_cache(CommitCache command) override {
    return queues_.write(command, sqlite::commit_cache);
  }
  Awaitable<std::optional<FoundCache>> find_cache(FindCache query) override {
    return queues_.read(std::move(query), sqlite::find_cache);
  }
  Awaitable<void> expire_cache(ExpireCache command) override {
    return queues_.write(std::move(command), sqlite::expire_cache);
  }

  Awaitable<PublishedPlugin> publish_plugin(PublishedPlugin plugin) override {
    return queues_.write(std::move(plugin), sqlite::publish_plugin);
  }
  PluginRecords& plugin_records() override { return plugin_records_; }

  Awaitable<Page<PublishedPlugin>> plugins(OrganizationId organization, PageRequest page) override {
    return queues_.read(organization, page, sqlite::list_plugins);
  }
  Awaitable<PublishedPlugin> plugin_for(AgentId agent, WantedPlugin wanted) override {
    return queues_.read(agent, std::move(wanted), sqlite::load_plugin_for);
  }

  Awaitable<Levels> levels() override {
    auto levels = co_await queues_.read<Levels>(sqlite::load_levels);
    if (levels) {
      levels.value().commits = work_done_.commits;
      levels.value().commands = work_done_.commands;
    }
    co_return levels;
  }
  Awaitable<std::vector<QueueLevels>> queue_levels(ClusterId cluster) override {
    return queues_.read(cluster, sqlite::load_queue_levels);
  }
  Awaitable<std::vector<ExpiredBuild>> expired_builds(FindExpired query) override {
    return queues_.read(query, sqlite::list_expired_builds);
  }
  Awaitable<RemovedSlice> remove_expired(RemoveExpired command) override {
    return queues_.write(command, sqlite::remove_expired);
  }
  Awaitable<std::vector<BlobName>> removed_blobs(std::optional<BlobName> after,
                                                 std::int64_t limit) override {
    return queues_.read(after, limit, sqlite::list_removed_blobs);
  }
  Awaitable<void> forget_removed_blobs(std::vector<BlobName> blobs) override {
    return queues_.write(std::move(blobs), sqlite::forget_removed_blobs);
  }

  void close() override {
    // Checks of chunks run on readers and go on to the writer, which therefore closes last.
    queues_.reads.close();
    readers_.reset();
    queues_.writes.close();
    writer_.reset();
  }

 private:
  Awaitable<model::Agent> signal(AgentSignal command, model::AgentEvent event) {
    return sqlite::await_call<model::Agent>(queues_.writes, [command, event](Connection& database) {
      return sqlite::signal_agent(database, command, event);
    });
  }

  SqliteOptions options_;
  files::FileLock lock_;
  std::atomic<std::int64_t> last_sweep_;
  BlobStore& blobs_;
  sqlite::CallQueues queues_;
  sqlite::SqlitePluginRecords plugin_records_{queues_};
  sqlite::WorkDone work_done_;
  std::optional<sqlite::Writer> writer_;
  std::optional<sqlite::ReaderPool> readers_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(SqliteOptions options, BlobStore& blobs) {
  OSTLER_TRY(files::ensure_private_directory(options.directory));
  OSTLER_TRY(auto lock, sqlite::lock_directory(options.directory));
  const auto file = options.directory / "ostler.db";
  OSTLER_TRY(auto writer, sqlite::open_writer(file));
  OSTLER_TRY(sqlite::renew_terms(writer, options.now));
  OSTLER_TRY(sqlite::cut_unindexed_tails(writer, blobs));
  OSTLER_TRY(sqlite::remove_unpublished(writer, blobs));
  OSTLER_TRY(auto readers, sqlite::open_readers(file, options.readers));
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(
      std::move(options), std::move(lock), std::move(writer), std::move(readers), blobs));
}

}  // namespace ostler::store
