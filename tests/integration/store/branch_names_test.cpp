// SPDX-License-Identifier: Apache-2.0
// What a wildcard of branches stands for, below and beyond the bounds of looking it up.
#include "store/sqlite/branch_names.hpp"

#include <gtest/gtest.h>

#include "store/sqlite/queries.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::store {
namespace {

using BranchList = std::vector<std::string>;

class BranchNames : public testing::Test {
 protected:
  void SetUp() override {
    model::BuildRequest request;
    request.branch = "main";
    house_->create_build("steps: [{command: a}]", request);
    house_->store().close();
    database_.emplace(
        sqlite::Connection::open(directory_.path() / "ostler.db", sqlite::Access::ReadWrite)
            .value());
    ASSERT_TRUE(database_->run_script("CREATE TEMP TABLE copy AS SELECT * FROM builds"));
  }

  /// A build of each of the branches "feature-1-x", "feature-2-x" and so on.
  void add_features(std::int64_t count) {
    ASSERT_TRUE(database_->run_script("BEGIN"));
    for (std::int64_t i = 1; i <= count; ++i) {
      ASSERT_TRUE(
          database_->run("UPDATE temp.copy SET id = randomblob(16), number = number + 1, "
                         "branch = 'feature-' || ? || '-x'",
                         i));
      ASSERT_TRUE(database_->run("INSERT INTO builds SELECT * FROM temp.copy"));
    }
    ASSERT_TRUE(database_->run_script("COMMIT"));
  }
  std::optional<BranchList> names(BranchList branches, std::optional<PipelineId> pipeline = {}) {
    BuildFilter filter{.pipeline = pipeline, .branches = std::move(branches)};
    return sqlite::name_branches(*database_, filter).value();
  }
  std::size_t listed(BranchList branches) {
    BuildFilter filter{.branches = std::move(branches)};
    return sqlite::list_builds(*database_, filter, {1, 100}).value().items.size();
  }

  support::TempDirectory directory_;
  std::optional<support::StoreHouse> house_{directory_.path()};
  std::optional<sqlite::Connection> database_;
};

TEST_F(BranchNames, AreThoseThatMatchAndThoseGiven) {
  add_features(3);
  EXPECT_EQ(names({"*-x"}), (BranchList{"feature-1-x", "feature-2-x", "feature-3-x"}));
  EXPECT_EQ(names({"feature*2*", "given"}), (BranchList{"feature-2-x", "given"}));
  EXPECT_EQ(names({"m*", "*n"}), BranchList{"main"});
  EXPECT_EQ(names({"*absent"}), BranchList{});
  EXPECT_EQ(names({"*?*"}), BranchList{});
  EXPECT_EQ(names({"*"}, house_->pipeline())->size(), 4u);
  EXPECT_EQ(names({"*"}, PipelineId::make()), BranchList{});
  EXPECT_EQ(listed({"*-x"}), 3u);
  EXPECT_EQ(listed({"*absent"}), 0u);
}

TEST_F(BranchNames, AreNotNamedWhenMoreMatchThanAreAsked) {
  const auto most = static_cast<std::int64_t>(sqlite::kMostBranchesNamed);
  add_features(most + 1);
  EXPECT_EQ(names({"*-x"}), std::nullopt);
  EXPECT_EQ(listed({"*-x"}), sqlite::kMostBranchesNamed + 1);
  EXPECT_EQ(names({"*n"}), BranchList{"main"});
}

TEST_F(BranchNames, AreNotNamedWhereMoreWouldBeSeenThanTheBound) {
  add_features(sqlite::kMostBranchesSeen);
  EXPECT_EQ(names({"*ain"}), std::nullopt);
  EXPECT_EQ(listed({"*ain"}), 1u);
  EXPECT_EQ(names({"mai*"}), BranchList{"main"});
  EXPECT_EQ(names({"feature-77*7-x"})->size(), 11u);
}

}  // namespace
}  // namespace ostler::store
