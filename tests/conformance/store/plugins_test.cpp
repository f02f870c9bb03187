// SPDX-License-Identifier: Apache-2.0
#include "store/plugin_records.hpp"
#include "store_suite.hpp"

namespace ostler::store {
namespace {

class PluginSuite : public StoreSuite {
 protected:
  void SetUp() override {
    agent_ = house_.connect_agent();
    organization_ = house_.get(house_.store().organization_by_slug("ostler")).id;
  }
  PublishedPlugin plugin(std::string version, std::string sha256) const {
    return {.id = PluginId::make(),
            .organization = organization_,
            .name = "greet",
            .version = std::move(version),
            .platform = "linux-x86_64-glibc",
            .description = "Says hello",
            .sha256 = std::move(sha256),
            .signature = "signature",
            .archive_sha256 = "archive",
            .size = 17,
            .published_at = house_.now()};
  }
  static WantedPlugin wanted(std::string sha256) {
    return {.sha256 = std::move(sha256), .platform = "linux-x86_64-glibc"};
  }
  PublishedPlugin publish(PublishedPlugin plugin) {
    return house_.get(house_.store().publish_plugin(std::move(plugin)));
  }

  support::Worker agent_;
  OrganizationId organization_;
};
class Plugins : public PluginSuite {};
INSTANTIATE_TEST_SUITE_P(Store, Plugins, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Plugins, AreFoundByTheAgentsOfTheirOrganization) {
  const PublishedPlugin made = publish(plugin("1.0.0", "aa"));
  const auto found = house_.get(house_.store().plugin_for(agent_.id, wanted("aa")));
  EXPECT_EQ(found.id, made.id);
  EXPECT_EQ(found.name, "greet");
  EXPECT_EQ(found.platform, "linux-x86_64-glibc");
  EXPECT_EQ(found.description, "Says hello");
  EXPECT_EQ(found.signature, "signature");
  EXPECT_EQ(found.archive_sha256, "archive");
  EXPECT_EQ(found.size, 17);
  EXPECT_EQ(found.published_at, made.published_at);
  EXPECT_EQ(house_.error_of(house_.store().plugin_for(agent_.id, wanted("bb"))), Errc::NotFound);
  EXPECT_EQ(house_.error_of(house_.store().plugin_for(AgentId::make(), wanted("aa"))),
            Errc::NotFound);
}

TEST_P(Plugins, AreFoundByTheirNames) {
  const PublishedPlugin made = publish(plugin("1.0.0", "aa"));
  const FindPlugin named{organization_, "greet", "1.0.0", "linux-x86_64-glibc"};
  EXPECT_EQ(house_.get(house_.store().plugin_records().published_plugin(named)).id, made.id);
  for (const FindPlugin& other :
       {FindPlugin{OrganizationId::make(), "greet", "1.0.0", named.platform},
        FindPlugin{organization_, "great", "1.0.0", named.platform},
        FindPlugin{organization_, "greet", "1.0", named.platform},
        FindPlugin{organization_, "greet", "1.0.0", "linux-aarch64-glibc"}}) {
    EXPECT_EQ(house_.error_of(house_.store().plugin_records().published_plugin(other)),
              Errc::NotFound);
  }
}

TEST_P(Plugins, NeverChange) {
  const PublishedPlugin made = publish(plugin("1.0.0", "aa"));
  EXPECT_EQ(publish(plugin("1.0.0", "aa")).id, made.id);
  EXPECT_EQ(house_.error_of(house_.store().publish_plugin(plugin("1.0.0", "bb"))), Errc::Conflict);
  PublishedPlugin other = plugin("1.0.0", "aa");
  other.signature = "";
  EXPECT_EQ(house_.error_of(house_.store().publish_plugin(other)), Errc::Conflict);
  other = plugin("1.0.0", "bb");
  other.platform = "linux-aarch64-glibc";
  EXPECT_EQ(publish(other).id, other.id);
}

TEST_P(Plugins, AreTakenOffAndNeverMeanSomethingElse) {
  const PublishedPlugin made = publish(plugin("1.0.0", "aa"));
  publish(plugin("1.0.1", "bb"));
  const UnpublishPlugin off{organization_, "greet", "1.0.0", "", house_.now()};
  UnpublishPlugin elsewhere = off;
  elsewhere.platform = "linux-aarch64-glibc";
  EXPECT_EQ(house_.error_of(house_.store().plugin_records().unpublish_plugin(elsewhere)),
            Errc::NotFound);
  EXPECT_EQ(house_.get(house_.store().plugin_records().unpublish_plugin(off)),
            std::vector<PluginId>{made.id});
  EXPECT_EQ(house_.error_of(house_.store().plugin_records().unpublish_plugin(off)), Errc::NotFound);
  EXPECT_EQ(house_.error_of(house_.store().plugin_for(agent_.id, wanted("aa"))), Errc::NotFound);
  EXPECT_EQ(house_.get(house_.store().plugins(organization_, {})).items.size(), 1u);
  EXPECT_EQ(house_.error_of(house_.store().publish_plugin(plugin("1.0.0", "cc"))), Errc::Conflict);
  const PublishedPlugin again = publish(plugin("1.0.0", "aa"));
  EXPECT_EQ(house_.get(house_.store().plugin_for(agent_.id, wanted("aa"))).id, again.id);
  EXPECT_EQ(house_.get(house_.store().plugin_records().unpublish_plugin(off)),
            std::vector<PluginId>{again.id});
}

TEST_P(Plugins, OfOnePlatformAreNotReplacedByThoseOfAnother) {
  const PublishedPlugin made = publish(plugin("1.0.0", "aa"));
  PublishedPlugin other = plugin("1.0.0", "aa");
  other.platform = "linux-aarch64-glibc";
  EXPECT_EQ(publish(other).id, other.id);
  EXPECT_EQ(house_.get(house_.store().plugin_for(agent_.id, wanted("aa"))).id, made.id);
  EXPECT_EQ(house_.get(house_.store().plugin_for(agent_.id, {"aa", other.platform})).id, other.id);
  EXPECT_EQ(house_.error_of(house_.store().plugin_for(agent_.id, {"aa", "linux-riscv64-glibc"})),
            Errc::NotFound);
}

TEST_P(Plugins, HaveOneSignatureOnAllPlatforms) {
  publish(plugin("1.0.0", "aa"));
  for (const char* signature : {"garbage", ""}) {
    PublishedPlugin other = plugin("1.0.0", "aa");
    other.platform = "linux-aarch64-glibc";
    other.signature = signature;
    EXPECT_EQ(house_.error_of(house_.store().publish_plugin(other)), Errc::Conflict) << signature;
  }
}

TEST_P(Plugins, KeepTheirArchivesAndNoneThatWasNotPublished) {
  const PublishedPlugin made = publish(plugin("1.0.0", "aa"));
  const BlobName left = BlobName::of(PluginId::make());
  const BlobName artifact = BlobName::of(ArtifactId::make());
  for (const BlobName& name : {BlobName::of(made.id), left, artifact}) {
    ASSERT_TRUE(house_.blobs().create().value()->finish(name));
  }
  house_.reopen();
  EXPECT_TRUE(house_.blobs().open(BlobName::of(made.id)));
  EXPECT_TRUE(house_.blobs().open(artifact));
  EXPECT_FALSE(house_.blobs().open(left)) << "nobody can have it, and nothing removes it";
}

TEST_P(Plugins, AreListedNewestFirst) {
  publish(plugin("1.0.0", "aa"));
  publish(plugin("2.0.0", "bb"));
  const auto first = house_.get(house_.store().plugins(organization_, {.number = 1, .size = 1}));
  ASSERT_EQ(first.items.size(), 1u);
  EXPECT_EQ(first.items.front().version, "2.0.0");
  EXPECT_TRUE(first.has_next);
  EXPECT_TRUE(house_.get(house_.store().plugins(OrganizationId::make(), {})).items.empty());
}

}  // namespace
}  // namespace ostler::store
