// SPDX-License-Identifier: Apache-2.0
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

}  // namespace
}  // namespace ostler::store
