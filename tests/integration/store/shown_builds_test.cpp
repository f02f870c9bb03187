// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/shown_builds.hpp"

#include <gtest/gtest.h>

#include "store/sqlite/build_filter.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::store {
namespace {

using sqlite::Access;
using sqlite::Connection;

class ShownBuilds : public testing::Test {
 protected:
  static constexpr std::int64_t kBuilds = 3;
  static constexpr std::int64_t kJobsOfABuild = 4;

  void SetUp() override {
    for (int i = 0; i < kBuilds; ++i) {
      house_.create_build("steps: [{command: a}, {command: b}, {command: c}, {command: d}]");
    }
  }
  Result<std::vector<BuildId>> find(std::int64_t most_jobs_read) {
    return sqlite::find_shown_builds(database_,
                                     {.pipeline = house_.pipeline(), .include_paused = false},
                                     {.limit = 10, .offset = 0}, most_jobs_read);
  }
  const support::TempDirectory directory_;
  support::StoreHouse house_{directory_.path()};
  Connection database_ =
      Connection::open(directory_.path() / "ostler.db", Access::ReadWrite).value();
};

TEST_F(ShownBuilds, AreRefusedWhenTooManyJobsOfPausedQueuesWouldBeRead) {
  ASSERT_TRUE(database_.run("UPDATE queues SET dispatch_paused_at = 1"));
  const auto all = find(kBuilds * kJobsOfABuild);
  ASSERT_TRUE(all) << all.error().message();
  EXPECT_TRUE(all.value().empty());
  const auto refused = find(kJobsOfABuild);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::UserFault);
}

TEST_F(ShownBuilds, CostOneJobWhereTheFirstIsInNoPausedQueue) {
  ASSERT_TRUE(database_.run(
      "INSERT INTO queues (id, cluster_id, key, is_default, description, retry_agent_affinity, "
      "created_at, dispatch_paused_at) SELECT randomblob(16), cluster_id, 'idle', 0, '', "
      "retry_agent_affinity, created_at, 1 FROM queues LIMIT 1"));
  const auto all = find(kBuilds);
  ASSERT_TRUE(all) << all.error().message();
  EXPECT_EQ(all.value().size(), static_cast<std::size_t>(kBuilds));
}

}  // namespace
}  // namespace ostler::store
