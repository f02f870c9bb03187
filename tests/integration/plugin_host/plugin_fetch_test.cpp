// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/plugin_fetch.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>
#include <vector>

#include "files/file.hpp"
#include "plugin_host/bundle_signature.hpp"
#include "plugin_host/plugin_install.hpp"
#include "support/signing_key.hpp"
#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// The zoo's plugin as an archive that somebody else keeps, and a store without it.
class PluginFetch : public testing::Test {
 protected:
  PluginFetch() {
    fs::copy(ZooRun::directory(), zoo_, fs::copy_options::recursive);
    policy_.store = directory_ / "state/plugins";
    locked_ = {"zoo", "1.0.0", own_platform(), open_bundle(zoo_).value().sha256};
  }
  Result<bool> fetch() {
    return fetch_plugin(locked_, policy_, [this](const LockedPlugin&, const fs::path& to) {
      ++downloads_;
      return pack_bundle(open_bundle(zoo_).value(), to);
    });
  }
  std::string refused() {
    const auto fetched = fetch();
    EXPECT_FALSE(fetched);
    EXPECT_FALSE(fs::exists(policy_.store / "zoo")) << "it was installed all the same";
    return fetched ? "" : fetched.error().message();
  }
  void change(const std::string& from, const std::string& to) const {
    std::string text = files::read_file(zoo_ / "plugin.json").value();
    text.replace(text.find(from), from.size(), to);
    std::ofstream(zoo_ / "plugin.json") << text;
  }

  const support::TempDirectory directory_;
  const fs::path zoo_ = directory_ / "zoo";
  PluginPolicy policy_;
  LockedPlugin locked_;
  std::atomic<int> downloads_ = 0;
};

TEST_F(PluginFetch, PutsWhatIsLockedIntoTheStore) {
  EXPECT_TRUE(fetch().value());
  const auto bundle = open_bundle(policy_.store / "zoo/1.0.0");
  ASSERT_TRUE(bundle) << bundle.error().message();
  EXPECT_EQ(bundle.value().sha256, locked_.sha256);
  EXPECT_THAT(inspect_files(bundle.value()).faults, testing::IsEmpty());
  EXPECT_FALSE(fetch().value()) << "it is there";
  EXPECT_EQ(downloads_, 1);
}

TEST_F(PluginFetch, DownloadsOnceForJobsThatWantItAtOnce) {
  std::vector<std::jthread> jobs;
  std::atomic<int> failures = 0;
  for (int job = 0; job < 8; ++job) {
    jobs.emplace_back([this, &failures] { failures += !fetch(); });
  }
  jobs.clear();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(downloads_, 1);
}

TEST_F(PluginFetch, TakesNothingElse) {
  change("mostly wrong", "otherwise");
  EXPECT_THAT(refused(), HasSubstr("plugins.lock names zoo#1.0.0 sha256:" + locked_.sha256 +
                                   ", but what the hub gave is zoo#1.0.0 sha256:"));
  locked_.sha256 = open_bundle(zoo_).value().sha256;
  locked_.version = "1.0.1";
  EXPECT_THAT(refused(), HasSubstr("what the hub gave is zoo#1.0.0"));
}

TEST_F(PluginFetch, TakesNoPluginWhoseFilesAreNotThoseOfItsManifest) {
  std::ofstream(zoo_ / "zoo.so", std::ios::app) << "x";
  EXPECT_THAT(refused(), HasSubstr("its SHA-256 is"));
}

TEST_F(PluginFetch, AsksThePolicyFirst) {
  policy_.allowed = {"greet", "zoo@2"};
  EXPECT_THAT(refused(), HasSubstr("does not allow zoo#1.0.0 (plugin-allow)"));
  EXPECT_EQ(downloads_, 0) << "for nothing";
}

TEST_F(PluginFetch, InstallsOnlySignedPluginsWhereTheHostSaysSo) {
  const auto key =
      crypto::Ed25519PrivateKey::from_pem(Secret(support::SigningKey(1).pem())).value();
  policy_.requires_signature = true;
  policy_.publishers = {key.public_key().text()};
  EXPECT_THAT(refused(), HasSubstr("zoo#1.0.0 is not signed"));
  std::ofstream(zoo_ / "plugin.json.sig") << sign_bundle(open_bundle(zoo_).value(), key);
  EXPECT_TRUE(fetch().value());
  EXPECT_NE(open_bundle(policy_.store / "zoo/1.0.0").value().signature, "");
}

TEST_F(PluginFetch, HealsWhatIsDamaged) {
  EXPECT_TRUE(fetch().value());
  for (const char* name : {"zoo.so", "plugin.json"}) {
    const fs::path file = policy_.store / "zoo/1.0.0" / name;
    fs::permissions(file, fs::perms::owner_all);
    std::ofstream(file) << "damaged";
    EXPECT_FALSE(check_installed(locked_, policy_));
    const auto fetched = fetch();
    ASSERT_TRUE(fetched) << fetched.error().message();
    EXPECT_TRUE(fetched.value()) << name;
    EXPECT_TRUE(check_installed(locked_, policy_)) << name;
  }
}

TEST_F(PluginFetch, PutsWhatIsLockedInThePlaceOfAnother) {
  change("mostly wrong", "otherwise");
  ASSERT_TRUE(install_bundle(open_bundle(zoo_).value(), policy_.store, Replace::No));
  change("otherwise", "mostly wrong");
  const auto fetched = fetch();
  ASSERT_TRUE(fetched) << fetched.error().message();
  EXPECT_EQ(open_bundle(policy_.store / "zoo/1.0.0").value().sha256, locked_.sha256);
}

TEST_F(PluginFetch, GetsTheSignatureThatTheHostWants) {
  const auto key =
      crypto::Ed25519PrivateKey::from_pem(Secret(support::SigningKey(1).pem())).value();
  EXPECT_TRUE(fetch().value());
  policy_.requires_signature = true;
  policy_.publishers = {key.public_key().text()};
  const std::string good = sign_bundle(open_bundle(zoo_).value(), key);
  std::ofstream(zoo_ / "plugin.json.sig") << good;
  EXPECT_TRUE(fetch().value());
  EXPECT_EQ(open_bundle(policy_.store / "zoo/1.0.0").value().signature, good);
  const fs::path file = policy_.store / "zoo/1.0.0/plugin.json.sig";
  fs::permissions(file, fs::perms::owner_all);
  std::ofstream(file) << "garbage";
  EXPECT_TRUE(fetch().value());
  EXPECT_EQ(open_bundle(policy_.store / "zoo/1.0.0").value().signature, good);
}

TEST_F(PluginFetch, WaitsForNoOtherPluginAndMayBeWaitedForByAnyUser) {
  LockedPlugin other = locked_;
  other.id = "other";
  other.sha256.back() = other.sha256.back() == '0' ? '1' : '0';
  const auto during = fetch_plugin(other, policy_, [&](const LockedPlugin&, const fs::path&) {
    EXPECT_TRUE(fetch().value());
    return Result<void>(Error(Errc::NotFound, "not there"));
  });
  EXPECT_EQ(during.error().message(), "not there");
  const auto mode = fs::status(policy_.store / (".fetch-" + locked_.sha256)).permissions();
  EXPECT_NE(mode & fs::perms::others_read, fs::perms::none);
}

TEST_F(PluginFetch, PacksTheSameBytesEachTime) {
  const Bundle bundle = open_bundle(zoo_).value();
  ASSERT_TRUE(pack_bundle(bundle, directory_ / "one"));
  ASSERT_TRUE(pack_bundle(bundle, directory_ / "two"));
  EXPECT_EQ(files::read_file(directory_ / "one").value(),
            files::read_file(directory_ / "two").value());
}

}  // namespace
}  // namespace ostler::plugin_host
