// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/schema.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "files/file.hpp"
#include "store/directory_blob_store.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::store {
namespace {

using sqlite::Access;
using sqlite::Connection;

class Schema : public testing::Test {
 protected:
  std::filesystem::path file() const { return directory_.path() / "ostler.db"; }
  void run_script(const std::string& sql) {
    auto database = Connection::open(file(), Access::ReadWrite).value();
    const auto done = database.run_script(sql);
    ASSERT_TRUE(done) << done.error().message();
  }
  Result<std::unique_ptr<Store>> open() {
    SqliteOptions options;
    options.directory = directory_.path();
    return open_sqlite_store(options, *blobs_);
  }

  static std::filesystem::path released(std::int64_t version) {
    return std::filesystem::path(std::getenv("OSTLER_SOURCE_DIR")) / "tests/data/store" /
           ("version_" + std::to_string(version) + ".sql");
  }
  std::filesystem::path copy_of(std::int64_t version) const {
    return file().string() + ".version-" + std::to_string(version);
  }
  static std::int64_t number(Connection& database, std::string_view sql) {
    return database.find(sql, sqlite::read_int).value().value();
  }

  support::TempDirectory directory_;
  std::unique_ptr<BlobStore> blobs_ = open_directory_blob_store(directory_.path()).value();
};

TEST_F(Schema, UpgradesAStoreOfEachReleasedVersion) {
  const auto newest = static_cast<std::int64_t>(sqlite::migrations().size());
  for (std::int64_t version = 1; version <= newest; ++version) {
    std::filesystem::remove(file());
    run_script(files::read_file(released(version)).value());
    ASSERT_TRUE(open()) << version;
    support::StoreHouse house(directory_.path());
    const auto builds = house.get(house.store().builds({}, {})).items;
    ASSERT_EQ(builds.size(), 4u) << version;
    for (const auto& build : builds) EXPECT_EQ(build.state, model::BuildState::Passed);
  }
}

TEST_F(Schema, ForgetsAgentsThatLeftLongAgoAndGivesThoseThatWereLostADay) {
  run_script(files::read_file(released(10)).value());
  run_script(
      "CREATE TEMP TABLE gone AS SELECT * FROM agents LIMIT 1;"
      "UPDATE gone SET id = x'01', state = 3, job_id = NULL; INSERT INTO agents SELECT * FROM gone;"
      "UPDATE gone SET id = x'02', state = 4; INSERT INTO agents SELECT * FROM gone;"
      "INSERT INTO tokens (hash, id, kind, agent_id, created_at) VALUES ('h', x'03', 2, x'02', 0)");
  ASSERT_TRUE(open());
  auto database = Connection::open(file(), Access::ReadOnly).value();
  EXPECT_EQ(number(database, "SELECT count(*) FROM agents WHERE id = x'01'"), 0);
  EXPECT_EQ(number(database, "SELECT count(*) FROM agents WHERE id = x'02'"), 1);
  EXPECT_EQ(number(database, "SELECT count(*) FROM agents"), 5) << "builds name the others";
  const auto in_a_day = SystemClock().now() + std::chrono::hours(24);
  const Timestamp ends{number(database, "SELECT expires_at FROM tokens WHERE hash = 'h'")};
  EXPECT_LT(std::chrono::abs(in_a_day - ends), std::chrono::minutes(5));
}

TEST_F(Schema, FindsPipelinesOfOldStoresByParts) {
  run_script(files::read_file(released(40)).value());
  ASSERT_TRUE(open());
  auto database = Connection::open(file(), Access::ReadOnly).value();
  const std::string found = "SELECT count(*) FROM pipeline_parts WHERE pipeline_parts MATCH ";
  EXPECT_EQ(number(database, found + "'name : \"ELL\"'"), 1);
  EXPECT_EQ(number(database, found + "'repository : \"git.example\"'"), 1);
}

TEST_F(Schema, SaysWhichModuleOfSqliteIsNotThere) {
  auto database = Connection::open(file(), Access::ReadWrite).value();
  EXPECT_TRUE(sqlite::check_module(database, "fts5"));
  const auto missing = sqlite::check_module(database, "fts99");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), Errc::UserFault);
  EXPECT_NE(missing.error().message().find("has no fts99"), std::string::npos);
}

/// As it was before jobs could be retried: an upload did not count a dependency that had failed.
constexpr std::string_view kFailedBuild = R"(
CREATE TEMP TABLE s AS SELECT * FROM steps LIMIT 1;
CREATE TEMP TABLE j AS SELECT * FROM jobs WHERE step_id = (SELECT id FROM s);
UPDATE s SET id = x'01', key = 'failed', sort_key = 1000; INSERT INTO steps SELECT * FROM s;
UPDATE s SET id = x'02', key = 'never', sort_key = 2000; INSERT INTO steps SELECT * FROM s;
UPDATE j SET id = x'01', step_id = x'01', sort_key = 1000, state = 6, exit_status = 1;
INSERT INTO jobs SELECT * FROM j;
UPDATE j SET id = x'02', step_id = x'02', sort_key = 2000, state = 2, exit_status = NULL;
INSERT INTO jobs SELECT * FROM j;
INSERT INTO step_edges VALUES (x'01', x'02', 0);
)";

TEST_F(Schema, CountsWhatStepsOfOldBuildsWaitFor) {
  run_script(files::read_file(released(13)).value());
  run_script(std::string(kFailedBuild));
  ASSERT_TRUE(open());
  auto database = Connection::open(file(), Access::ReadOnly).value();
  EXPECT_EQ(number(database, "SELECT failed_jobs FROM steps WHERE id = x'01'"), 1);
  EXPECT_EQ(number(database, "SELECT barred_jobs FROM steps WHERE id = x'02'"), 0);
  EXPECT_EQ(number(database, "SELECT failed_jobs FROM steps WHERE id = x'02'"), 1);
  EXPECT_EQ(number(database, "SELECT obstructed FROM steps WHERE id = x'02'"), 1);
  EXPECT_EQ(number(database, "SELECT unmet FROM steps WHERE id = x'02'"), 1);
}

TEST_F(Schema, KeepsACopyOfWhatItUpgrades) {
  const auto old = files::read_file(released(1)).value();
  run_script(old);
  ASSERT_TRUE(open());
  const auto copy = copy_of(1);
  ASSERT_TRUE(std::filesystem::exists(copy));
  auto database = Connection::open(copy, Access::ReadOnly).value();
  EXPECT_EQ(number(database, "PRAGMA user_version"), 1);
  EXPECT_EQ(number(database, "SELECT count(*) FROM builds"), 4);
  EXPECT_FALSE(std::filesystem::exists(copy.string() + ".partial"));
  std::filesystem::remove(copy);
  ASSERT_TRUE(open());
  EXPECT_FALSE(std::filesystem::exists(copy)) << "there was nothing to upgrade";
}

TEST_F(Schema, KeepsTheNewestCopiesOnly) {
  for (std::int64_t version = 1; version < 5; ++version) {
    std::filesystem::remove(file());
    run_script(files::read_file(released(version)).value());
    ASSERT_TRUE(open()) << version;
  }
  EXPECT_FALSE(std::filesystem::exists(copy_of(1)));
  EXPECT_FALSE(std::filesystem::exists(copy_of(2)));
  EXPECT_TRUE(std::filesystem::exists(copy_of(3)));
  EXPECT_TRUE(std::filesystem::exists(copy_of(4)));
}

TEST_F(Schema, UpgradesNothingThatItCannotCopy) {
  run_script(files::read_file(released(1)).value());
  std::filesystem::create_directories(copy_of(1) / "in the way");
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("copy before the upgrade"), std::string::npos);
  auto database = Connection::open(file(), Access::ReadOnly).value();
  EXPECT_EQ(number(database, "PRAGMA user_version"), 1);
}

TEST_F(Schema, UpgradesWhollyOrNotAtAll) {
  run_script(files::read_file(released(1)).value());
  run_script("CREATE TABLE build_events (of_somebody_else TEXT)");
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("migration 13"), std::string::npos);
  auto database = Connection::open(file(), Access::ReadOnly).value();
  EXPECT_EQ(number(database, "PRAGMA user_version"), 1);
  EXPECT_EQ(number(database, "SELECT count(*) FROM sqlite_schema WHERE name = 'annotations'"), 0);
}

TEST_F(Schema, RefusesAStoreOfANewerVersionAndLeavesItAlone) {
  ASSERT_TRUE(open());
  run_script("PRAGMA user_version = 99");
  const auto before = files::read_file(file()).value();
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::UserFault);
  EXPECT_NE(refused.error().message().find("version 99"), std::string::npos);
  EXPECT_EQ(files::read_file(file()).value(), before);
}

TEST_F(Schema, RefusesADatabaseOfSomethingElse) {
  run_script("CREATE TABLE songs (title TEXT)");
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::UserFault);
}

TEST_F(Schema, RefusesWhatIsNoDatabase) {
  ASSERT_TRUE(files::write_file_atomically(file(), std::string(5000, 'x')));
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::Corrupt);
}

TEST_F(Schema, LetsOneHubOnlyUseADirectory) {
  auto first = open();
  ASSERT_TRUE(first);
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Errc::Conflict);
  first.value().reset();
  EXPECT_TRUE(open());
}

TEST_F(Schema, KeepsTheTextOfNoToken) {
  std::string everything;
  {
    const auto store = std::move(open()).value();
    boost::asio::io_context io;
    const auto tokens = support::run_task(io, store->first_start({Timestamp{1}, {}})).value();
    everything = tokens->agent_token.reveal();
  }
  const auto bytes = files::read_file(file()).value();
  EXPECT_EQ(bytes.find(everything), std::string::npos);
  EXPECT_EQ(bytes.find(everything.substr(10)), std::string::npos);
}

TEST_F(Schema, RefusesCallsOnceItIsClosed) {
  const auto store = std::move(open()).value();
  store->close();
  boost::asio::io_context io;
  const auto refused = support::run_task(io, store->first_start({Timestamp{1}, {}}));
  EXPECT_EQ(refused.error().code(), Errc::Unavailable);
}

}  // namespace
}  // namespace ostler::store
