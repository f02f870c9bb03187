// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>

#include "store_suite.hpp"

namespace ostler::store {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr std::string_view kYaml = "steps:\n  - {command: a, key: a}\n";

class Retention : public StoreSuite {
 protected:
  /// A build that passes now, with a log and an artifact in files.
  BuildId finished_build() {
    const BuildId build = house_.create_build(kYaml).build.id;
    const JobId job = house_.job_of(build, "a").id;
    house_.accept(agent_, job);
    house_.start(agent_, job);
    house_.get(house_.store().append_chunk(house_.chunk(agent_, job, 1, 0, "hello\n")));
    CreateArtifacts command{.agent = agent_.id, .job = job, .batch = "one", .now = house_.now()};
    command.artifacts.resize(1);
    const auto artifact = house_.get(house_.store().create_artifacts(command)).front();
    auto upload = house_.blobs().create().value();
    EXPECT_TRUE(upload->write("bytes"));
    EXPECT_TRUE(upload->finish(BlobName::of(artifact)));
    house_.get(house_.store().update_artifacts({agent_.id, job, {{artifact}}}));
    house_.finish(agent_, job);
    return build;
  }
  std::vector<ExpiredBuild> expired(const RetentionTerms& terms) {
    return house_.get(house_.store().expired_builds({.terms = terms, .now = house_.now()}));
  }
  /// Removes to the end; how many slices that took.
  int remove(const ExpiredBuild& expired, std::chrono::microseconds slice = 4ms) {
    for (int slices = 1;; ++slices) {
      if (!house_.get(house_.store().remove_expired({expired, slice})).more) return slices;
    }
  }
  bool is_there(BuildId build) { return house_.call(house_.store().build(build)).has_value(); }
  std::vector<BlobName> removed_blobs() {
    return house_.get(house_.store().removed_blobs(std::nullopt, 100));
  }

  support::Worker agent_ = house_.connect_agent();
};
INSTANTIATE_TEST_SUITE_P(Store, Retention, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Retention, BuildsGoWhenTheirTimeSinceTheirEndIsOver) {
  const BuildId build = finished_build();
  const BuildId open = house_.create_build(kYaml).build.id;
  house_.pass(days(90) - 1s);
  EXPECT_TRUE(expired({}).empty());
  house_.pass(1s);
  EXPECT_EQ(expired({}), std::vector{ExpiredBuild{build}});
  EXPECT_TRUE(expired({.builds = days(0), .logs = days(0), .artifacts = days(0)}).empty());
  EXPECT_EQ(house_.error_of(house_.store().remove_expired({{open}})), Errc::Conflict);
  remove({build});
  EXPECT_FALSE(is_there(build));
  EXPECT_TRUE(is_there(open));
  EXPECT_TRUE(expired({}).empty());
  remove({build});
}

TEST_P(Retention, BuildsThatHaveBegunToGoAreNotTakenUpAgain) {
  constexpr std::string_view kTwoSteps =
      "steps: [{command: a, key: a, retry: {manual: {permit_on_passed: true}}}, {command: b}]";
  const BuildId build = house_.create_build(kTwoSteps).build.id;
  const JobId job = house_.job_of(build, "a").id;
  for (const model::Job& one : house_.get(house_.store().jobs({.builds = {build}}))) {
    house_.run_job(agent_, one.id);
  }
  EXPECT_TRUE(house_.get(house_.store().remove_expired({{build}, 0us})).more);
  EXPECT_EQ(house_.error_of(house_.store().retry_job({.job = job, .now = house_.now()})),
            Errc::Conflict);
  EXPECT_EQ(
      house_.error_of(house_.store().retry_failed_jobs({.build = build, .now = house_.now()})),
      Errc::Conflict);
  remove({build});
  EXPECT_FALSE(is_there(build));
}

TEST_P(Retention, BuildsThatARetryHasTakenUpStay) {
  constexpr std::string_view kOne =
      "steps: [{command: a, key: a, retry: {manual: {permit_on_passed: true}}}]";
  const BuildId build = house_.create_build(kOne).build.id;
  const JobId job = house_.job_of(build, "a").id;
  house_.run_job(agent_, job);
  house_.get(house_.store().retry_job({.job = job, .now = house_.now()}));
  EXPECT_EQ(house_.error_of(house_.store().remove_expired({{build}})), Errc::Conflict);
}

TEST_P(Retention, FilesAreNamedUntilSomebodySaysThatTheyAreGone) {
  const BuildId build = finished_build();
  const JobId job = house_.job_of(build, "a").id;
  const auto artifact = house_.get(house_.store().artifacts({.build = build}, {})).items[0].id;
  remove({build});
  house_.reopen();
  const auto removed = removed_blobs();
  EXPECT_EQ(removed.size(), 2u);
  EXPECT_TRUE(std::ranges::count(removed, BlobName::of(job)) == 1);
  EXPECT_TRUE(std::ranges::count(removed, BlobName::of(artifact)) == 1);
  for (const auto& name : removed) {
    EXPECT_TRUE(house_.blobs().open(name)) << "rows go first";
    EXPECT_TRUE(house_.blobs().remove(name));
    EXPECT_FALSE(house_.blobs().open(name));
    EXPECT_TRUE(house_.blobs().remove(name)) << "a repeat is fine";
  }
  house_.get(house_.store().forget_removed_blobs(removed));
  EXPECT_TRUE(removed_blobs().empty());
}

TEST_P(Retention, OnlyTheNewestBuildsOfAPipelineStayOnceADayHasPassed) {
  std::vector<BuildId> builds;
  for (int count = 0; count < 4; ++count) {
    builds.push_back(finished_build());
    house_.pass(1s);
  }
  const RetentionTerms terms{.newest_builds = 2};
  EXPECT_TRUE(expired(terms).empty()) << "agents may still deliver";
  house_.pass(24h);
  const auto found = expired(terms);
  EXPECT_EQ(found, (std::vector{ExpiredBuild{builds[0]}, ExpiredBuild{builds[1]}}));
  EXPECT_TRUE(expired({.newest_builds = 4}).empty());
}

TEST_P(Retention, LogsAndArtifactsCanGoBeforeTheirBuild) {
  const BuildId build = finished_build();
  const JobId job = house_.job_of(build, "a").id;
  house_.pass(days(10));
  const RetentionTerms terms{.builds = days(0), .logs = days(10), .artifacts = days(11)};
  ASSERT_EQ(expired(terms), (std::vector{ExpiredBuild{build, Expiry::Logs}}));
  remove({build, Expiry::Logs});
  EXPECT_EQ(house_.log_of(job), "");
  EXPECT_TRUE(house_.get(house_.store().log_extent(job)).complete);
  EXPECT_EQ(house_.get(house_.store().artifacts({.build = build}, {})).items.size(), 1u);
  EXPECT_TRUE(expired(terms).empty()) << "once is enough";
  house_.pass(days(1));
  ASSERT_EQ(expired(terms), (std::vector{ExpiredBuild{build, Expiry::Artifacts}}));
  remove({build, Expiry::Artifacts});
  EXPECT_TRUE(house_.get(house_.store().artifacts({.build = build}, {})).items.empty());
  EXPECT_TRUE(is_there(build));
  EXPECT_TRUE(expired(terms).empty());
}

TEST_P(Retention, OnlyTheNewestBuildsKeepLogsAndArtifacts) {
  const BuildId first = finished_build();
  house_.pass(1s);
  const BuildId second = finished_build();
  house_.pass(1s);
  finished_build();
  house_.pass(24h);
  const RetentionTerms terms{.newest_logs = 1, .newest_artifacts = 2};
  ASSERT_EQ(expired(terms),
            (std::vector<ExpiredBuild>{
                {first, Expiry::Logs}, {second, Expiry::Logs}, {first, Expiry::Artifacts}}));
  remove({first, Expiry::Logs});
  EXPECT_EQ(expired(terms),
            (std::vector<ExpiredBuild>{{second, Expiry::Logs}, {first, Expiry::Artifacts}}));
  EXPECT_EQ(expired({.newest_builds = 2, .newest_logs = 2, .newest_artifacts = 3}),
            std::vector{ExpiredBuild{first}})
      << "what goes with its build does not go twice";
}

TEST_P(Retention, APipelineCanKeepMoreOrLessThanTheHub) {
  const BuildId build = finished_build();
  house_.pass(days(50));
  const auto keep = [&](model::Retention retention) {
    auto pipeline = house_.get(house_.store().pipeline(house_.pipeline()));
    pipeline.settings.retention = retention;
    const auto kept = house_.get(house_.store().update_pipeline(
        {pipeline.id, pipeline.cluster, pipeline.settings, false, {}, house_.now()}));
    EXPECT_EQ(kept.settings.retention, retention);
    return expired({});
  };
  EXPECT_TRUE(expired({}).empty());
  EXPECT_EQ(keep({.builds_days = 50}), std::vector{ExpiredBuild{build}});
  EXPECT_EQ(keep({.logs_days = 50}), (std::vector{ExpiredBuild{build, Expiry::Logs}}));
  EXPECT_EQ(keep({.artifacts_days = 7}), (std::vector{ExpiredBuild{build, Expiry::Artifacts}}));
  house_.pass(days(50));
  EXPECT_EQ(keep({}), std::vector{ExpiredBuild{build}});
  EXPECT_TRUE(keep({.builds_days = 0, .logs_days = 0, .artifacts_days = 0}).empty());
  finished_build();
  house_.pass(days(2));
  EXPECT_EQ(keep({.builds_days = 0, .logs_days = 0, .artifacts_days = 0, .newest_builds = 1}),
            std::vector{ExpiredBuild{build}});
}

TEST_P(Retention, APipelineIsMadeWithWhatItKeeps) {
  CreatePipeline command;
  command.organization = house_.api().organization;
  command.cluster = house_.agent_token().cluster;
  command.now = house_.now();
  command.settings.name = command.settings.slug = "other";
  command.settings.retention = {.builds_days = 7, .newest_logs = 3};
  const auto made = house_.get(house_.store().create_pipeline(command));
  EXPECT_EQ(made.settings.retention, command.settings.retention);
}

TEST_P(Retention, ALargeBuildGoesInSlices) {
  std::string yaml = "steps:\n";
  for (int i = 0; i < 500; ++i) yaml += "  - {command: a, key: k" + std::to_string(i) + "}\n";
  const BuildId build = house_.create_build(yaml + "  - wait\n  - command: last\n").build.id;
  const BuildId other = finished_build();
  house_.get(house_.store().set_meta_data({build, {{"a", "b"}}, house_.now()}));
  house_.get(house_.store().annotate(
      {.place = {build, {}}, .context = "c", .change = {.body = "b"}, .now = house_.now()}));
  house_.get(house_.store().cancel_build({build, "", house_.now()}));
  const auto longest = 3ms;
  EXPECT_GT(remove({build}, longest), 1) << "501 steps in one slice";
  EXPECT_FALSE(is_there(build));
  EXPECT_TRUE(is_there(other));
  EXPECT_TRUE(house_.get(house_.store().jobs({.builds = {build}})).empty());
  EXPECT_EQ(house_.log_of(house_.job_of(other, "a").id), "hello\n");
}

}  // namespace
}  // namespace ostler::store
