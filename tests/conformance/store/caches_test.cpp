// SPDX-License-Identifier: Apache-2.0
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using namespace std::chrono_literals;
using model::CacheKey;

const std::string kBlobs = R"([{"file_size":1}])";

class CacheSuite : public StoreSuite {
 protected:
  void SetUp() override {
    const auto organization = house_.get(house_.store().organization_by_slug("ostler"));
    cluster_ = house_.get(house_.store().queues(organization.id)).front().cluster;
  }
  CacheId put(CacheKey key, std::string blobs = kBlobs) {
    return house_.get(house_.store().store_cache({.cluster = cluster_,
                                                  .target_paths = paths_,
                                                  .key = std::move(key),
                                                  .blobs = std::move(blobs),
                                                  .platform = "linux/amd64",
                                                  .now = house_.now()}));
  }
  CacheId keep(CacheKey key, std::string blobs = kBlobs) {
    const CacheId id = put(std::move(key), std::move(blobs));
    commit(id);
    house_.pass(1s);
    return id;
  }
  void commit(CacheId id) { house_.get(house_.store().commit_cache({cluster_, id, house_.now()})); }
  std::optional<FoundCache> find(CacheKey key, bool may_fall_back = false) {
    return house_.get(house_.store().find_cache({.cluster = cluster_,
                                                 .target_paths = paths_,
                                                 .key = std::move(key),
                                                 .may_fall_back = may_fall_back,
                                                 .now = house_.now()}));
  }
  /// The id of what stands in for a key that is not there.
  std::optional<CacheId> stand_in(CacheKey key) {
    const auto found = find(std::move(key), true);
    if (!found) return std::nullopt;
    EXPECT_TRUE(found->is_fall_back);
    return found->entry.id;
  }

  std::vector<std::string> paths_{"node_modules", "vendor"};
  ClusterId cluster_;
};
class Caches : public CacheSuite {};
INSTANTIATE_TEST_SUITE_P(Store, Caches, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Caches, AreThereOnceTheyAreCommitted) {
  const CacheId id = put({{"v1", true}, {"abc"}});
  EXPECT_FALSE(find({{"v1"}, {"abc"}}));
  EXPECT_FALSE(find({{"v1"}, {"abc"}}, true));
  commit(id);
  commit(id);
  const auto found = find({{"v1"}, {"abc"}});
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->is_fall_back);
  EXPECT_EQ(found->entry.id, id);
  EXPECT_EQ(found->entry.target_paths, paths_);
  EXPECT_EQ(found->entry.blobs, kBlobs);
  ASSERT_EQ(found->entry.key.size(), 2u);
  EXPECT_TRUE(found->entry.key[0].is_mandatory);
  EXPECT_FALSE(found->entry.key[1].is_mandatory);
  EXPECT_EQ(found->entry.expires_at, house_.now() + kCacheLife);
}

TEST_P(Caches, AreOfTheirPathsAndTheirCluster) {
  const CacheId id = keep({{"a"}});
  const ClusterId own = cluster_;
  cluster_ = ClusterId::make();
  EXPECT_FALSE(find({{"a"}}, true));
  EXPECT_EQ(house_.error_of(house_.store().commit_cache({cluster_, id, house_.now()})),
            Errc::NotFound);
  EXPECT_EQ(house_.error_of(house_.store().store_cache({.cluster = cluster_})), Errc::NotFound);
  cluster_ = own;
  paths_ = {"node_modules"};
  EXPECT_FALSE(find({{"a"}}, true));
  paths_ = {"node_modulesvendor"};
  EXPECT_FALSE(find({{"a"}}, true));
}

TEST_P(Caches, AreReplacedByThoseOfTheSameKey) {
  keep({{"a"}}, "[1]");
  const CacheId second = put({{"a"}}, "[2]");
  EXPECT_EQ(find({{"a"}})->entry.blobs, "[1]") << "until the second one is there";
  commit(second);
  EXPECT_EQ(find({{"a"}})->entry.blobs, "[2]");
  house_.get(house_.store().expire_cache({cluster_, paths_, {{"a"}}}));
  EXPECT_FALSE(find({{"a"}})) << "and the first one is gone";
  house_.get(house_.store().expire_cache({cluster_, paths_, {{"a"}}}));
}

TEST_P(Caches, StandInForEachOtherTheMoreAlikeFirstThenTheNewer) {
  const CacheId old = keep({{"node"}, {"linux"}, {"1"}});
  const CacheId newer = keep({{"node"}, {"linux"}, {"2"}});
  const CacheId other = keep({{"node"}, {"mac"}, {"3"}});
  keep({{"rust"}, {"linux"}, {"4"}});
  EXPECT_EQ(stand_in({{"node"}, {"linux"}, {"9"}}), newer);
  EXPECT_EQ(stand_in({{"node"}, {"bsd"}, {"9"}}), other);
  EXPECT_EQ(stand_in({{"node"}, {"mac", true}, {"9"}}), other);
  EXPECT_EQ(stand_in({{"node"}, {"bsd", true}, {"9"}}), std::nullopt);
  EXPECT_EQ(stand_in({{"go"}, {"linux"}, {"1"}}), std::nullopt);
  EXPECT_FALSE(find({{"node"}, {"linux"}, {"9"}})) << "only who asks for it gets another one";
  EXPECT_EQ(find({{"node"}, {"linux"}, {"1"}}, true)->entry.id, old);
}

TEST_P(Caches, EndByTheirAge) {
  keep({{"a"}});
  house_.pass(kCacheLife);
  EXPECT_FALSE(find({{"a"}}, true));
  const CacheId upload = put({{"b"}});
  house_.pass(kCacheUploadLife);
  house_.sweep();
  EXPECT_EQ(house_.error_of(house_.store().commit_cache({cluster_, upload, house_.now()})),
            Errc::NotFound)
      << "the sweep has forgotten it";
}

TEST_P(Caches, MakeRoomForYoungerOnes) {
  keep({{"first"}});
  for (std::int64_t i = 0; i < kMostCaches; ++i) put({{"same"}});
  EXPECT_FALSE(find({{"first"}}));
}

TEST_P(Caches, GoWithTheirCluster) {
  const auto organization = house_.get(house_.store().organization_by_slug("ostler")).id;
  CreateCluster another;
  another.organization = organization;
  another.name = "Robots";
  another.by = house_.api().user.id;
  another.now = house_.now();
  cluster_ = house_.get(house_.store().create_cluster(another)).id;
  const CacheId id = keep({{"a"}});
  house_.get(house_.store().delete_cluster({organization, cluster_, house_.now()}));
  EXPECT_EQ(house_.error_of(house_.store().commit_cache({cluster_, id, house_.now()})),
            Errc::NotFound);
}

}  // namespace
}  // namespace ostler::store
