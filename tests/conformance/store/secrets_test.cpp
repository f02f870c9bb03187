// SPDX-License-Identifier: Apache-2.0
#include "store/plugin_records.hpp"
#include "store_suite.hpp"

namespace ostler::store {
namespace {

class SecretSuite : public StoreSuite {
 protected:
  void SetUp() override {
    agent_ = house_.connect_agent();
    job_ = house_.create_build("steps: [{command: a}]").follow_ups.runnable.front();
    house_.accept(agent_, job_);
    const auto organization = house_.get(house_.store().organization_by_slug("ostler"));
    cluster_ = house_.get(house_.store().queues(organization.id)).front().cluster;
  }
  ClusterSecret create(std::string key, std::string sealed) {
    return house_.get(house_.store().create_secret({.cluster = cluster_,
                                                    .key = std::move(key),
                                                    .description = "about",
                                                    .sealed = std::move(sealed),
                                                    .now = house_.now()}));
  }

  PutSecret put(std::string key, std::string sealed) {
    return {.job = job_,
            .cluster = cluster_,
            .key = std::move(key),
            .sealed = std::move(sealed),
            .plugin = "rotate#1.0.0",
            .request = std::to_string(++requests_),
            .now = house_.now()};
  }
  void make(const PutSecret& command) {
    house_.get(house_.store().plugin_records().put_secret(command));
  }
  Errc refused(const PutSecret& command) {
    return house_.error_of(house_.store().plugin_records().put_secret(command));
  }
  ClusterSecret found(const std::string& key) {
    return house_.get(house_.store().secret_of_job(job_, key));
  }

  int requests_ = 0;
  support::Worker agent_;
  JobId job_;
  ClusterId cluster_;
};
class Secrets : public SecretSuite {};
INSTANTIATE_TEST_SUITE_P(Store, Secrets, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Secrets, AreListedByKey) {
  create("B", "2");
  const ClusterSecret made = create("a", "1");
  EXPECT_EQ(made.key, "a");
  EXPECT_EQ(made.description, "about");
  EXPECT_EQ(made.created_at, house_.now());
  const auto all = house_.get(house_.store().secrets(cluster_));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].id, made.id);
  EXPECT_EQ(all[1].sealed, "2");
  EXPECT_TRUE(house_.get(house_.store().secrets(ClusterId::make())).empty());
}

TEST_P(Secrets, HaveOneKeyEachWhateverItsLetterCase) {
  create("KEY", "1");
  EXPECT_EQ(house_.error_of(house_.store().create_secret({.cluster = cluster_, .key = "key"})),
            Errc::Conflict);
  EXPECT_EQ(
      house_.error_of(house_.store().create_secret({.cluster = ClusterId::make(), .key = "k"})),
      Errc::NotFound);
}

TEST_P(Secrets, AreFoundByIdAndByKeyInTheirCluster) {
  const ClusterSecret made = create("KEY", "1");
  create("OTHER", "2");
  EXPECT_EQ(house_.get(house_.store().secret(cluster_, made.id)).sealed, "1");
  EXPECT_EQ(house_.get(house_.store().secret_of_cluster(cluster_, "key"))->id, made.id);
  EXPECT_FALSE(house_.get(house_.store().secret_of_cluster(cluster_, "KE")));
  const ClusterId elsewhere = ClusterId::make();
  EXPECT_FALSE(house_.get(house_.store().secret_of_cluster(elsewhere, "KEY")));
  EXPECT_EQ(house_.error_of(house_.store().secret(elsewhere, made.id)), Errc::NotFound);
  EXPECT_EQ(house_.error_of(house_.store().secret(cluster_, SecretId::make())), Errc::NotFound);
}

TEST_P(Secrets, AreFoundByJobsOfTheirCluster) {
  create("KEY", "1");
  EXPECT_EQ(house_.get(house_.store().secret_of_job(job_, "key")).sealed, "1");
  EXPECT_EQ(house_.error_of(house_.store().secret_of_job(job_, "other")), Errc::NotFound);
  EXPECT_EQ(house_.error_of(house_.store().secret_of_job(JobId::make(), "KEY")), Errc::NotFound);
}

TEST_P(Secrets, KeepWhatAChangeDoesNotName) {
  const ClusterSecret made = create("KEY", "1");
  house_.pass(std::chrono::seconds(1));
  const auto changed = house_.get(house_.store().update_secret(
      {.cluster = cluster_, .id = made.id, .sealed = "2", .now = house_.now()}));
  EXPECT_EQ(changed.sealed, "2");
  EXPECT_EQ(changed.description, "about");
  EXPECT_EQ(changed.created_at, made.created_at);
  EXPECT_EQ(changed.updated_at, house_.now());
  const auto described = house_.get(house_.store().update_secret(
      {.cluster = cluster_, .id = made.id, .description = "new", .now = house_.now()}));
  EXPECT_EQ(described.sealed, "2");
  EXPECT_EQ(described.description, "new");
  EXPECT_EQ(
      house_.error_of(house_.store().update_secret({.cluster = ClusterId::make(), .id = made.id})),
      Errc::NotFound);
}

TEST_P(Secrets, AreGoneOnceDeleted) {
  const ClusterSecret made = create("KEY", "1");
  EXPECT_EQ(house_.error_of(house_.store().delete_secret({ClusterId::make(), made.id})),
            Errc::NotFound);
  house_.get(house_.store().delete_secret({cluster_, made.id}));
  EXPECT_EQ(house_.error_of(house_.store().secret_of_job(job_, "KEY")), Errc::NotFound);
  EXPECT_EQ(house_.error_of(house_.store().delete_secret({cluster_, made.id})), Errc::NotFound);
}

TEST_P(Secrets, AreMadeAndSetByJobsAndSayByWhich) {
  make(put("TOKEN", "1"));
  const ClusterSecret made = found("token");
  EXPECT_EQ(made.key, "TOKEN");
  EXPECT_EQ(made.sealed, "1");
  EXPECT_EQ(made.created_at, house_.now());
  EXPECT_TRUE(made.writable_by_jobs);
  ASSERT_TRUE(made.writer);
  EXPECT_EQ(made.writer->job, job_);
  EXPECT_EQ(made.writer->build, house_.get(house_.store().job(job_)).step.build);
  EXPECT_EQ(made.writer->plugin, "rotate#1.0.0");
  house_.pass(std::chrono::seconds(1));
  make(put("TOKEN", "2"));
  EXPECT_EQ(found("TOKEN").sealed, "2");
  EXPECT_EQ(found("TOKEN").id, made.id);
  EXPECT_EQ(found("TOKEN").updated_at, house_.now());
  const auto by_person = house_.get(house_.store().update_secret(
      {.cluster = cluster_, .id = made.id, .sealed = "3", .now = house_.now()}));
  EXPECT_FALSE(by_person.writer);
  EXPECT_TRUE(by_person.writable_by_jobs);
}

TEST_P(Secrets, OfPeopleAreSetByJobsOnlyOnceTheyAreOpened) {
  const ClusterSecret made = create("KEY", "1");
  EXPECT_FALSE(made.writable_by_jobs);
  EXPECT_EQ(refused(put("KEY", "2")), Errc::Denied);
  const auto opened = house_.get(house_.store().update_secret(
      {.cluster = cluster_, .id = made.id, .writable_by_jobs = true, .now = house_.now()}));
  EXPECT_TRUE(opened.writable_by_jobs);
  EXPECT_EQ(refused(put("key", "2")), Errc::Conflict) << "it was sealed for other letters";
  make(put("KEY", "2"));
  EXPECT_EQ(found("KEY").sealed, "2");
  const auto described = house_.get(house_.store().update_secret(
      {.cluster = cluster_, .id = made.id, .description = "new", .now = house_.now()}));
  EXPECT_TRUE(described.writer) << "its value is still the job's";
}

TEST_P(Secrets, AreNotSetAgainByARepeat) {
  const PutSecret first = put("TOKEN", "1");
  make(first);
  make(put("TOKEN", "2"));
  make(first);
  EXPECT_EQ(found("TOKEN").sealed, "2");
}

TEST_P(Secrets, AreSetOnlyInTheClusterOfARunningJob) {
  PutSecret elsewhere = put("TOKEN", "1");
  elsewhere.cluster = ClusterId::make();
  EXPECT_EQ(refused(elsewhere), Errc::NotFound);
  PutSecret nobodys = put("TOKEN", "1");
  nobodys.job = JobId::make();
  EXPECT_EQ(refused(nobodys), Errc::NotFound);
  house_.finish(agent_, job_);
  EXPECT_EQ(refused(put("TOKEN", "1")), Errc::NotFound);
  EXPECT_TRUE(house_.get(house_.store().secrets(cluster_)).empty());
}

TEST_P(Secrets, AreBoundedInTheNumberThatAJobSets) {
  for (int i = 0; i < kMostPutsOfJob; ++i) make(put("TOKEN", "1"));
  EXPECT_EQ(refused(put("TOKEN", "2")), Errc::UserFault);
  EXPECT_EQ(found("TOKEN").sealed, "1");
}

}  // namespace
}  // namespace ostler::store
