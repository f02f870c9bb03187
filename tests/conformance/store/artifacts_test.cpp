// SPDX-License-Identifier: Apache-2.0
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::ArtifactEvent;
using model::ArtifactState;

class ArtifactSuite : public StoreSuite {
 protected:
  void SetUp() override {
    agent_ = house_.connect_agent();
    const auto made = house_.create_build("steps: [{command: a, key: build, label: Build}]");
    build_ = made.build.id;
    job_ = made.follow_ups.runnable.front();
    house_.accept(agent_, job_);
  }
  CreateArtifacts batch(std::string id, std::vector<std::string> paths) {
    CreateArtifacts command{.agent = agent_.id, .job = job_, .batch = std::move(id)};
    command.now = house_.now();
    for (auto& path : paths) command.artifacts.emplace_back().path = std::move(path);
    return command;
  }
  std::vector<ArtifactId> create(std::string id, std::vector<std::string> paths) {
    return house_.get(house_.store().create_artifacts(batch(std::move(id), std::move(paths))));
  }
  UpdateArtifacts report(ArtifactId id, ArtifactEvent event) {
    return {.agent = agent_.id, .job = job_, .reports = {{id, event}}};
  }
  std::vector<ArtifactId> finished(std::string id, std::vector<std::string> paths) {
    auto ids = create(std::move(id), std::move(paths));
    for (const auto artifact : ids) {
      house_.get(house_.store().update_artifacts(report(artifact, ArtifactEvent::Finish)));
    }
    return ids;
  }
  std::vector<std::string> search(std::string query, std::string scope = "",
                                  bool duplicates = false) {
    std::vector<std::string> paths;
    for (const auto& artifact : house_.get(house_.store().search_artifacts(
             {build_, std::move(query), std::move(scope), duplicates}))) {
      paths.push_back(artifact.path);
    }
    return paths;
  }

  support::Worker agent_;
  BuildId build_;
  JobId job_;
};
class Artifacts : public ArtifactSuite {};
INSTANTIATE_TEST_SUITE_P(Store, Artifacts, testing::ValuesIn(store_kinds()), name_of);

using Paths = std::vector<std::string>;

TEST_P(Artifacts, OfARepeatedBatchKeepTheirIds) {
  const auto first = create("batch", {"b", "a"});
  EXPECT_EQ(create("batch", {"b", "a"}), first);
  EXPECT_NE(create("other", {"b", "a"}), first);
  EXPECT_EQ(house_.error_of(house_.store().create_artifacts(batch("batch", {"b"}))),
            Errc::Conflict);
}

TEST_P(Artifacts, OfOneBatchAreFoundByAnyOfThem) {
  const auto ids = create("batch", {"b", "a", "b"});
  create("other", {"b"});
  for (const auto id : ids) {
    const auto batch = house_.get(house_.store().artifacts_of_batch(id));
    ASSERT_EQ(batch.size(), 3u);
    for (std::size_t place = 0; place < 3; ++place) EXPECT_EQ(batch[place].id, ids[place]);
  }
  EXPECT_EQ(house_.error_of(house_.store().artifacts_of_batch(ArtifactId::make())), Errc::NotFound);
}

TEST_P(Artifacts, AreFoundOnceTheyAreFinished) {
  const auto ids = create("batch", {"a.txt", "b.txt"});
  EXPECT_EQ(search("*"), Paths{});
  house_.get(house_.store().update_artifacts(report(ids[0], ArtifactEvent::Finish)));
  house_.get(house_.store().update_artifacts(report(ids[0], ArtifactEvent::Finish)));
  house_.get(house_.store().update_artifacts(report(ids[1], ArtifactEvent::Fail)));
  EXPECT_EQ(search("*"), Paths{"a.txt"});
  EXPECT_EQ(house_.error_of(house_.store().update_artifacts(report(ids[0], ArtifactEvent::Fail))),
            Errc::Conflict);
  EXPECT_EQ(house_.get(house_.store().artifact(ids[1])).state, ArtifactState::Error);
}

TEST_P(Artifacts, AreFoundByGlobAndScope) {
  finished("batch", {"log/a.txt", "log/deep/b.txt", "bin/app"});
  EXPECT_EQ(search("log/*"), Paths{"log/a.txt"});
  EXPECT_EQ(search("**/*.txt"), (Paths{"log/a.txt", "log/deep/b.txt"}));
  EXPECT_EQ(search("bin/app;log/*"), Paths{});
  for (const std::string& scope : {std::string("build"), std::string("Build"), job_.str()}) {
    EXPECT_EQ(search("bin/*", scope), Paths{"bin/app"}) << scope;
  }
  EXPECT_EQ(search("bin/*", "test"), Paths{});
  EXPECT_EQ(house_.error_of(house_.store().search_artifacts({build_, "[", "", false})),
            Errc::UserFault);
}

TEST_P(Artifacts, OfOnePathAreFoundAsTheNewestUnlessAllAreWanted) {
  finished("one", {"a"});
  house_.pass(std::chrono::seconds(1));
  const auto newest = finished("two", {"a"});
  EXPECT_EQ(search("a", "", true), (Paths{"a", "a"}));
  const auto found = house_.get(house_.store().search_artifacts({build_, "a", "", false}));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].id, newest[0]);
}

TEST_P(Artifacts, AreReportedAllOrNone) {
  const auto ids = create("batch", {"a", "b"});
  UpdateArtifacts command = report(ids[0], ArtifactEvent::Finish);
  command.reports.push_back({ArtifactId::make(), ArtifactEvent::Finish});
  EXPECT_EQ(house_.error_of(house_.store().update_artifacts(command)), Errc::NotFound);
  EXPECT_EQ(house_.get(house_.store().artifact(ids[0])).state, ArtifactState::New);
}

TEST_P(Artifacts, BelongToTheAgentOfTheirJob) {
  const auto other = house_.connect_agent({}, "other");
  auto command = batch("batch", {"a"});
  command.agent = other.id;
  EXPECT_EQ(house_.error_of(house_.store().create_artifacts(command)), Errc::NotFound);
}

TEST_P(Artifacts, AreListedNewestFirstInPages) {
  for (int i = 0; i < 5; ++i) {
    create("batch" + std::to_string(i), {"f" + std::to_string(i)});
    house_.pass(std::chrono::seconds(1));
  }
  const auto first = house_.get(house_.store().artifacts({.build = build_}, {1, 3}));
  const auto second = house_.get(house_.store().artifacts({.build = build_, .job = job_}, {2, 3}));
  ASSERT_EQ(first.items.size(), 3u);
  EXPECT_TRUE(first.has_next);
  EXPECT_EQ(first.items[0].path, "f4");
  ASSERT_EQ(second.items.size(), 2u);
  EXPECT_FALSE(second.has_next);
  EXPECT_EQ(second.items[1].path, "f0");
  const auto globbed =
      house_.get(house_.store().artifacts({.build = build_, .path = "f[12]"}, {1, 30}));
  EXPECT_EQ(globbed.items.size(), 2u);
  const auto done = house_.get(
      house_.store().artifacts({.build = build_, .state = ArtifactState::Finished}, {1, 30}));
  EXPECT_TRUE(done.items.empty());
}

TEST_P(Artifacts, HaveTheirBytesInTheBlobStoreOnceAnUploadIsFinished) {
  const auto name = BlobName::of(ArtifactId::make());
  auto upload = house_.blobs().create().value();
  ASSERT_TRUE(upload->write("hello "));
  EXPECT_EQ(house_.blobs().open(name).error().code(), Errc::NotFound);
  ASSERT_TRUE(upload->write("world"));
  ASSERT_TRUE(upload->finish(name));
  EXPECT_EQ(house_.blobs().open(name).value().size, 11);
  EXPECT_EQ(house_.blobs().read(name, 6, 5).value(), "world");
  EXPECT_EQ(house_.blobs().read(name, 6, 50).error().code(), Errc::Corrupt);
}

TEST_P(Artifacts, LeaveNothingOfAnUnfinishedUpload) {
  const auto name = BlobName::of(ArtifactId::make());
  {
    auto upload = house_.blobs().create().value();
    ASSERT_TRUE(upload->write("half"));
  }
  EXPECT_EQ(house_.blobs().open(name).error().code(), Errc::NotFound);
  EXPECT_TRUE(std::filesystem::is_empty(directory_.path() / "incoming"));
}

}  // namespace
}  // namespace ostler::store
