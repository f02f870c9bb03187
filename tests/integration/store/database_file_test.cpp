// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/database_file.hpp"

#include <gtest/gtest.h>

#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::store {
namespace {

constexpr std::string_view kYaml = "steps:\n  - {command: a, key: a}\n  - {command: b, key: b}\n";

class DatabaseFiles : public testing::Test {
 protected:
  std::filesystem::path file() const { return directory_.path() / "ostler.db"; }
  DatabaseFile open() const { return DatabaseFile::open(file()).value(); }
  static void ignore(std::int64_t, std::int64_t) {}

  support::TempDirectory directory_;
  support::StoreHouse house_{directory_.path()};
};

TEST_F(DatabaseFiles, AreCopiedAsTheyWereWhileOthersWrite) {
  const auto build = house_.create_build(kYaml).build.id;
  for (int i = 0; i < 100; ++i) {
    house_.get(house_.store().set_meta_data(
        {build, {{"key" + std::to_string(i), std::string(100'000, 'x')}}, house_.now()}));
  }
  int steps = 0;
  std::int64_t copied = 0;
  const auto done = open().copy_to(directory_ / "copy", [&](std::int64_t now, std::int64_t total) {
    EXPECT_LE(now, total);
    copied = now;
    if (++steps == 1) house_.create_build(kYaml);
  });
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_GT(steps, 1) << "or nobody could write in between";
  EXPECT_EQ(static_cast<std::uintmax_t>(copied), std::filesystem::file_size(directory_ / "copy"));
  auto copy = sqlite::Connection::open(directory_ / "copy", sqlite::Access::ReadOnly).value();
  std::int64_t builds = 0;
  ASSERT_TRUE(copy.find("SELECT count(*) FROM builds", [&](sqlite::Row& row) {
    row.take(builds);
    return 0;
  }));
  EXPECT_EQ(builds, 1);
  EXPECT_EQ(house_.get(house_.store().builds({}, {})).items.size(), 2u);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "copy-wal"));
  EXPECT_TRUE(DatabaseFile::open(directory_ / "copy").value().faults().value().empty());
}

TEST_F(DatabaseFiles, PromiseLogsAndArtifactsPageByPage) {
  const auto agent = house_.connect_agent();
  const auto build = house_.create_build(kYaml).build.id;
  const auto job = house_.job_of(build, "a").id;
  house_.accept(agent, job);
  house_.start(agent, job);
  house_.get(house_.store().append_chunk(house_.chunk(agent, job, 1, 0, "hello\n")));
  CreateArtifacts command{.agent = agent.id, .job = job, .batch = "one", .now = house_.now()};
  command.artifacts.resize(3);
  for (auto& artifact : command.artifacts) artifact.file_size = 7;
  const auto ids = house_.get(house_.store().create_artifacts(command));
  house_.get(house_.store().update_artifacts(
      {agent.id, job, {{ids[0]}, {ids[1], model::ArtifactEvent::Fail}}}));
  auto database = open();
  const auto count = database.count_promised_blobs().value();
  EXPECT_EQ(count.logs, 1);
  EXPECT_EQ(count.artifacts, 1) << "one is there, one failed, one is under way";
  const auto logs = database.promised_blobs(BlobKind::Log, {}, 10).value();
  ASSERT_EQ(logs.size(), 1u);
  EXPECT_EQ(logs[0].name.id, job.uuid);
  EXPECT_TRUE(logs[0].is_certain);
  EXPECT_TRUE(database.still_promises(logs[0]).value());
  const auto first = database.promised_blobs(BlobKind::Artifact, {}, 1).value();
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].name.id, ids[0].uuid);
  EXPECT_EQ(first[0].size, 7);
  const auto second = database.promised_blobs(BlobKind::Artifact, first[0].name.id, 10).value();
  ASSERT_EQ(second.size(), 1u) << "the one that failed is not promised";
  EXPECT_EQ(second[0].name.id, ids[2].uuid);
  EXPECT_FALSE(second[0].is_certain);
  EXPECT_FALSE(database.still_promises(second[0]).value());
}

TEST_F(DatabaseFiles, EndEveryBuildThatIsNotOver) {
  const auto agent = house_.connect_agent();
  const auto passed = house_.create_build("steps: [{command: a, key: a}]").build.id;
  house_.run_job(agent, house_.job_of(passed, "a").id);
  const auto running = house_.create_build(kYaml).build.id;
  const auto job = house_.job_of(running, "a").id;
  house_.accept(agent, job);
  house_.start(agent, job);
  const auto waiting = house_.create_build(kYaml).build.id;
  house_.store().close();
  {
    auto database = DatabaseFile::open_for_restore(file()).value();
    EXPECT_EQ(database.end_unfinished_builds(house_.now(), "restored").value(), 2);
    EXPECT_EQ(database.end_unfinished_builds(house_.now(), "restored").value(), 0);
    ASSERT_TRUE(database.skip_build_numbers(1000));
    EXPECT_TRUE(database.faults().value().empty());
  }
  house_.reopen();
  EXPECT_EQ(house_.state_of(passed), model::BuildState::Passed);
  EXPECT_EQ(house_.state_of(running), model::BuildState::Canceled);
  EXPECT_EQ(house_.state_of(waiting), model::BuildState::Canceled);
  EXPECT_EQ(house_.get(house_.store().job(job)).state, model::JobState::Canceled);
  EXPECT_TRUE(house_.get(house_.store().log_extent(job)).complete);
  const auto next = house_.create_build(kYaml).build;
  EXPECT_EQ(next.number, 1004);
  house_.accept(agent, house_.job_of(next.id, "a").id);
}

TEST_F(DatabaseFiles, SayWhichReferencesAreBroken) {
  house_.create_build(kYaml);
  house_.store().close();
  auto database = sqlite::Connection::open(file(), sqlite::Access::ReadWrite).value();
  ASSERT_TRUE(database.run_script("PRAGMA foreign_keys = OFF; DELETE FROM builds"));
  const auto faults = open().faults().value();
  ASSERT_FALSE(faults.empty());
  EXPECT_NE(faults.front().find("refers to one of builds"), std::string::npos) << faults.front();
}

TEST_F(DatabaseFiles, ThatAreNotThereAreNotMade) {
  const auto missing = DatabaseFile::open(directory_ / "none");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), Errc::NotFound);
  EXPECT_FALSE(std::filesystem::exists(directory_ / "none"));
}

}  // namespace
}  // namespace ostler::store
