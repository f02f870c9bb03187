// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "pipeline/parse.hpp"
#include "store/sqlite/build_filter.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/log_index.hpp"
#include "store/sqlite/queries.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::store {
namespace {

using sqlite::Connection;

std::string read_detail(sqlite::Row& row) {
  std::int64_t id = 0;
  std::int64_t parent = 0;
  std::int64_t unused = 0;
  std::string detail;
  row.take(id, parent, unused, detail);
  return detail;
}

/// A step that reads a table from end to end. Walking an index that has the order of a list, to be
/// stopped by its LIMIT, is none, and neither is reading what a subquery made.
bool is_scan(const std::string& detail) {
  return detail.starts_with("SCAN ") && detail.find("USING INDEX builds_by_age") == detail.npos &&
         detail.find("USING COVERING INDEX builds_by_age") == detail.npos &&
         !detail.starts_with("SCAN (") && !detail.starts_with("SCAN CONSTANT ROW") &&
         detail != "SCAN waiting" && detail != "SCAN behind";
}

/// A step that reads every job of a state, through an index that its statement does not name.
/// Without statistics SQLite takes such an index for one that finds few rows.
bool walks_states(const std::string& detail, const std::string& sql) {
  for (const std::string index : {"jobs_by_state", "jobs_by_queue_and_state"}) {
    const bool has_it = detail.find("INDEX " + index + " (") != detail.npos;
    const bool is_bounded_by_id = detail.find("AND id") != detail.npos;
    if (has_it && !is_bounded_by_id && sql.find("INDEXED BY " + index) == sql.npos) return true;
  }
  return false;
}

void expect_no_scan(Connection& database, const std::string& sql) {
  const auto steps = database.list("EXPLAIN QUERY PLAN " + sql, read_detail);
  ASSERT_TRUE(steps) << sql << steps.error().message();
  for (const auto& step : steps.value()) {
    EXPECT_FALSE(is_scan(step)) << step << "\n  in " << sql;
    EXPECT_FALSE(walks_states(step, sql)) << step << "\n  in " << sql;
  }
}

class QueryPlan : public testing::Test {
 protected:
  static constexpr int kJobs = 9'998;

  void SetUp() override {
    std::string yaml = "steps:\n";
    for (int i = 0; i < kJobs; ++i) yaml += "  - command: a\n";
    const auto made = house_->create_build(yaml + "  - wait\n  - {command: last, key: last}\n");
    build_ = made.build.id;
    jobs_ = made.follow_ups.runnable;
    agent_ = house_->connect_agent();
  }

  support::TempDirectory directory_;
  std::optional<support::StoreHouse> house_{directory_.path()};
  BuildId build_;
  std::vector<JobId> jobs_;
  support::Worker agent_;
};

TEST_F(QueryPlan, OfNoHotStatementReadsAWholeTable) {
  ASSERT_EQ(jobs_.size(), static_cast<std::size_t>(kJobs));
  const auto now = house_->now();
  const auto accept = house_->accept_command(agent_, jobs_[0]);
  const auto finish = house_->finish_command(agent_, jobs_[0], 0);
  const auto chunk = house_->chunk(agent_, jobs_[0], 1, 0, "text");
  const PipelineId pipeline = house_->pipeline();
  BlobStore& blobs = house_->blobs();
  house_->store().close();
  auto database =
      Connection::open(directory_.path() / "ostler.db", sqlite::Access::ReadWrite).value();

  EXPECT_TRUE(sqlite::authenticate(database, agent_.token, now));
  EXPECT_TRUE(sqlite::signal_agent(database, {agent_.id, now}, model::AgentEvent::Heartbeat));
  EXPECT_TRUE(sqlite::accept_job(database, accept));
  EXPECT_TRUE(sqlite::start_job(database, {agent_.id, jobs_[0], now, now}));
  const auto checked = sqlite::check_chunk(database, chunk, {.log = 1 << 20, .chunk = 1 << 20});
  EXPECT_TRUE(sqlite::append_chunk(database, blobs, checked.value()));
  EXPECT_TRUE(sqlite::read_log(database, blobs, {.job = jobs_[0]}));
  EXPECT_TRUE(sqlite::load_build_events(database, {.build = build_}));
  EXPECT_TRUE(sqlite::update_step(
      database, {.step = {build_, "last"}, .request = "r", .label = "l", .priority = 1}));
  EXPECT_TRUE(sqlite::load_step(database, {build_, "last"}));
  EXPECT_TRUE(sqlite::cancel_step(database, {{build_, "last"}, std::chrono::seconds(1), now}));
  EXPECT_TRUE(sqlite::finish_job(database, finish));
  EXPECT_TRUE(sqlite::cancel_job(database, {jobs_[1], now}));
  EXPECT_TRUE(sqlite::sweep(database, {now}, now));
  EXPECT_TRUE(sqlite::load_job_state(database, jobs_[0]));
  EXPECT_TRUE(sqlite::load_runnable_jobs(database, {jobs_[2]}));
  EXPECT_TRUE(sqlite::list_runnable_jobs(database, std::nullopt, 100));
  EXPECT_TRUE(sqlite::list_jobs(database, {.builds = {build_}, .limit = 10}));
  EXPECT_TRUE(sqlite::list_jobs(database, {.builds = {build_}, .before = jobs_[2], .limit = 10}));
  EXPECT_TRUE(sqlite::list_newest_jobs(database, {.queues = {QueueId::make()}}));
  EXPECT_TRUE(sqlite::list_newest_jobs(database, {.states = {model::JobState::Expired}}));
  EXPECT_TRUE(sqlite::load_build_by_number(database, pipeline, 1));
  EXPECT_TRUE(sqlite::find_short_id(database, {*UuidPrefix::parse("0192f1e7")}));
  EXPECT_TRUE(sqlite::load_pipeline(database, pipeline));
  EXPECT_TRUE(sqlite::search_artifacts(database, {build_, "*", "last", false}));
  EXPECT_TRUE(sqlite::list_artifacts(database, {.build = build_}, {}));
  EXPECT_TRUE(sqlite::annotate(database, {.place = {build_, {}},
                                          .context = "c",
                                          .change = {.body = "b"},
                                          .request = "r",
                                          .now = now}));
  EXPECT_TRUE(sqlite::list_annotations(database, {.build = build_}, {}));
  EXPECT_TRUE(sqlite::remove_annotation(database, {{build_, {}}, "c", now}));
  EXPECT_TRUE(sqlite::set_meta_data(database, {build_, {{"k", "v"}}, now}));

  const auto statements = database.prepared_texts();
  EXPECT_GT(statements.size(), 50u);
  for (const auto& sql : statements) expect_no_scan(database, sql);
}

constexpr std::string_view kSmallBuild = R"(
steps:
  - {command: up, key: up}
  - {command: old, key: old}
  - wait
)";

TEST_F(QueryPlan, OfAPipelineUploadReadsNoWholeTable) {
  const auto build = house_->create_build(kSmallBuild).build.id;
  UploadPipeline upload{.agent = agent_.id, .job = house_->job_of(build, "up").id, .uuid = "one"};
  upload.now = house_->now();
  upload.definition =
      pipeline::parse_upload(R"([{"command": "a"}, {"command": "b", "depends_on": "old"}])")
          .value();
  house_->accept(agent_, upload.job);
  house_->store().close();
  auto database =
      Connection::open(directory_.path() / "ostler.db", sqlite::Access::ReadWrite).value();
  for (int i = 0; i < 30; ++i) {
    upload.uuid += "+";
    EXPECT_EQ(sqlite::upload_pipeline(database, upload).value().upload.message, "");
  }
  upload.definition.steps.pop_back();
  upload.uuid = "two";
  upload.replace = true;
  EXPECT_EQ(sqlite::upload_pipeline(database, upload).value().upload.message, "");
  EXPECT_TRUE(sqlite::load_pipeline_upload(database, upload.job, "two"));

  const auto statements = database.prepared_texts();
  EXPECT_GT(statements.size(), 25u);
  for (const auto& sql : statements) expect_no_scan(database, sql);
}

constexpr std::string_view kGatedBuild = R"(
steps:
  - {block: Gate, key: gate}
  - {command: a, concurrency: 1, concurrency_group: one}
)";

TEST_F(QueryPlan, OfAGateThatOpensReadsNoWholeTable) {
  const auto build = house_->create_build(kGatedBuild).build.id;
  const UnblockJob opens{
      .job = house_->job_of(build, "gate").id, .by = house_->api().user.id, .now = house_->now()};
  house_->store().close();
  auto database =
      Connection::open(directory_.path() / "ostler.db", sqlite::Access::ReadWrite).value();
  ASSERT_TRUE(sqlite::unblock_job(database, opens));
  const auto statements = database.prepared_texts();
  const auto places = [](const std::string& sql) {
    return sql.find("1 - awaits_gate") != sql.npos;
  };
  EXPECT_TRUE(std::ranges::any_of(statements, places));
  for (const auto& sql : statements) expect_no_scan(database, sql);
}

TEST_F(QueryPlan, OfMonitorsReadsOnlyWhatGoesOn) {
  house_->store().close();
  auto database =
      Connection::open(directory_.path() / "ostler.db", sqlite::Access::ReadOnly).value();
  ASSERT_TRUE(sqlite::load_levels(database));
  ASSERT_TRUE(sqlite::load_queue_levels(database, house_->agent_token().cluster));
  for (const auto& sql : database.prepared_texts()) {
    const auto steps = database.list("EXPLAIN QUERY PLAN " + sql, read_detail);
    ASSERT_TRUE(steps) << sql;
    for (const auto& step : steps.value()) {
      const bool reads_a_table = step.starts_with("SCAN ") || step.starts_with("SEARCH ");
      EXPECT_TRUE(!reads_a_table || step.find("INDEX ") != step.npos) << step << "\n  in " << sql;
    }
  }
}

TEST_F(QueryPlan, OfRetentionReadsNoWholeTable) {
  house_->get(house_->store().cancel_build({build_, "", house_->now()}));
  house_->store().close();
  auto database =
      Connection::open(directory_.path() / "ostler.db", sqlite::Access::ReadWrite).value();
  const RetentionTerms terms{.builds = std::chrono::days(3),
                             .logs = std::chrono::days(1),
                             .artifacts = std::chrono::days(2),
                             .newest_builds = 1,
                             .newest_logs = 2,
                             .newest_artifacts = 2};
  const auto later = house_->now() + std::chrono::days(3);
  const auto expired =
      sqlite::list_expired_builds(database, {.terms = terms, .now = later}).value();
  ASSERT_EQ(expired.size(), 3u);
  ASSERT_TRUE(database.run_script("BEGIN IMMEDIATE"));  // else each statement waits for the disk
  for (const auto& what : {expired[1], expired[2], expired[0]}) {
    EXPECT_TRUE(sqlite::remove_expired(database, {what, std::chrono::hours(1)}));
  }
  EXPECT_FALSE(sqlite::load_build(database, build_));
  const auto statements = database.prepared_texts();
  EXPECT_GT(statements.size(), 15u);
  for (const auto& sql : statements) {
    const bool asks_each_pipeline = sql.starts_with("SELECT id, keep_builds_days");
    if (!asks_each_pipeline) expect_no_scan(database, sql);
  }
}

/// Foreign keys to rows that are deleted one by one: SQLite looks for each through an index, or
/// through the whole table.
constexpr std::string_view kUnindexedReferences = R"(
SELECT t.name || '.' || k."from" FROM sqlite_schema t, pragma_foreign_key_list(t.name) k
WHERE t.type = 'table' AND k."table" IN ('builds', 'jobs', 'steps') AND NOT EXISTS (
  SELECT 1 FROM pragma_index_list(t.name) i, pragma_index_info(i.name) c
  WHERE c.seqno = 0 AND c.name = k."from"))";

TEST_F(QueryPlan, ToDeleteABuildAJobOrAStepReadsNoWholeTable) {
  house_->store().close();
  auto database =
      Connection::open(directory_.path() / "ostler.db", sqlite::Access::ReadOnly).value();
  const auto unindexed = database.list(kUnindexedReferences, [](sqlite::Row& row) {
    std::string column;
    row.take(column);
    return column;
  });
  ASSERT_TRUE(unindexed) << unindexed.error().message();
  EXPECT_EQ(unindexed.value(), std::vector<std::string>());
}

/// A state that few of many jobs are in, a queue that has few of them: none else is read.
TEST_F(QueryPlan, OfTheNewestJobsWalksAnIndexForEachFilter) {
  house_->store().close();
  const QueueId queue = QueueId::make();
  const std::vector<model::JobState> states = {model::JobState::Expired};
  const std::pair<NewestJobs, std::string> filters[] = {
      {{.queues = {queue}}, "jobs_by_queue "},
      {{.states = states}, "jobs_by_state "},
      {{.queues = {queue}, .states = states}, "jobs_by_queue_and_state "}};
  for (const auto& [query, index] : filters) {
    auto database =
        Connection::open(directory_.path() / "ostler.db", sqlite::Access::ReadOnly).value();
    ASSERT_TRUE(sqlite::list_newest_jobs(database, query));
    ASSERT_EQ(database.prepared_texts().size(), 1u);
    const auto sql = "EXPLAIN QUERY PLAN " + database.prepared_texts().front();
    const auto steps = database.list(sql, read_detail).value();
    EXPECT_TRUE(steps.front().starts_with("SEARCH j USING INDEX " + index)) << steps.front();
    for (const auto& step : steps) EXPECT_EQ(step.find("TEMP B-TREE"), step.npos) << step;
  }
}

/// The texts of how the statements that `read` runs find their rows.
template <class Read>
std::vector<std::string> plans_of(const std::filesystem::path& directory, Read read) {
  auto database = Connection::open(directory / "ostler.db", sqlite::Access::ReadOnly).value();
  read(database);
  std::vector<std::string> plans;
  for (const auto& sql : database.prepared_texts()) {
    const auto steps = database.list("EXPLAIN QUERY PLAN " + sql, read_detail).value();
    plans.insert(plans.end(), steps.begin(), steps.end());
  }
  return plans;
}
using Plans = std::vector<std::string>;

TEST_F(QueryPlan, OfOneSecretLooksItUpAlone) {
  house_->store().close();
  const auto by_key = plans_of(directory_.path(), [](Connection& database) {
    EXPECT_TRUE(sqlite::find_secret_of_cluster(database, ClusterId::make(), "KEY"));
  });
  EXPECT_EQ(by_key,
            Plans{"SEARCH s USING INDEX sqlite_autoindex_secrets_2 (cluster_id=? AND key=?)"});
  const auto by_id = plans_of(directory_.path(), [](Connection& database) {
    EXPECT_FALSE(sqlite::load_secret(database, ClusterId::make(), SecretId::make()));
  });
  EXPECT_EQ(by_id, Plans{"SEARCH s USING INDEX sqlite_autoindex_secrets_1 (id=?)"});
}

TEST_F(QueryPlan, OfUploadsWalksThoseOfTheBuild) {
  house_->store().close();
  const std::vector<FindUploads> queries = {{.build = build_},
                                            {.build = build_, .job = JobId::make()},
                                            {.build = build_, .uuid = "u"},
                                            {.build = build_, .below = 7},
                                            {.build = build_, .job = JobId::make(), .above = 7}};
  for (const FindUploads& query : queries) {
    const auto plans = plans_of(directory_.path(), [&](Connection& database) {
      EXPECT_TRUE(sqlite::list_pipeline_uploads(database, query));
    });
    EXPECT_EQ(plans, Plans{"SEARCH pipeline_uploads USING PRIMARY KEY (build_id=? AND number>? AND "
                           "number<?)"});
  }
}

TEST_F(QueryPlan, OfEveryListFilterUsesAnIndex) {
  house_->store().close();
  auto database =
      Connection::open(directory_.path() / "ostler.db", sqlite::Access::ReadOnly).value();
  const std::vector<BuildFilter> filters = {
      {},
      {.pipeline = house_->pipeline()},
      {.branches = {"main", "feature/*"}},
      {.commits = {"abc", "def"}},
      {.states = {model::BuildState::Passed, model::BuildState::Failed}},
      {.pipeline = house_->pipeline(), .states = {model::BuildState::Running}},
      {.creator = house_->api().user.id},
      {.created_from = Timestamp{1}, .created_to = Timestamp{2}},
      {.finished_from = Timestamp{1}},
      {.meta_data = {{"k", "v"}}},
  };
  for (const auto& filter : filters) expect_no_scan(database, sqlite::build_list_sql(filter));
}

TEST_F(QueryPlan, LetsABuildOfTenThousandJobsEnd) {
  house_->get(house_->store().cancel_job({jobs_[0], house_->now()}));
  EXPECT_EQ(house_->job_of(build_, "last").state, model::JobState::WaitingFailed);
  const auto canceled = house_->get(house_->store().cancel_build({build_, "", house_->now()}));
  EXPECT_EQ(canceled.build.state, model::BuildState::Canceled);
  EXPECT_EQ(canceled.follow_ups.dropped.size(), static_cast<std::size_t>(kJobs - 1));
}

}  // namespace
}  // namespace ostler::store
