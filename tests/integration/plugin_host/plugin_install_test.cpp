// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/plugin_install.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <fstream>
#include <thread>

#include "base/unique_fd.hpp"
#include "files/file.hpp"
#include "plugin_host/plugin_store.hpp"
#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

namespace fs = std::filesystem;

/// A store, and two plugins of one version that differ.
class PluginInstall : public testing::Test {
 protected:
  PluginInstall() {
    for (const fs::path& path : {one_, other_}) fs::copy(ZooRun::directory(), path);
    std::string text = files::read_file(other_ / "plugin.json").value();
    text.replace(text.find("mostly wrong"), 12, "otherwise");
    std::ofstream(other_ / "plugin.json") << text;
  }
  Result<bool> install(const fs::path& plugin, Replace replace = Replace::No) const {
    return install_bundle(open_bundle(plugin).value(), store_, replace);
  }
  std::string installed() const {
    const auto bundle = open_bundle(place_);
    return bundle ? bundle.value().sha256 : bundle.error().message();
  }
  static std::string digest(const fs::path& plugin) { return open_bundle(plugin).value().sha256; }
  std::ptrdiff_t count() const { return std::distance(fs::directory_iterator(store_ / "zoo"), {}); }

  const support::TempDirectory directory_;
  const fs::path one_ = directory_ / "one";
  const fs::path other_ = directory_ / "other";
  const fs::path store_ = directory_ / "store";
  const fs::path place_ = store_ / "zoo/1.0.0";
};

TEST_F(PluginInstall, KeepsTheFirstOfTwoThatComeAtOnce) {
  constexpr int kRounds = 30;
  for (int round = 0; round < kRounds; ++round) {
    std::barrier start(2);
    Result<bool> first = false;
    std::thread racing([&] {
      start.arrive_and_wait();
      first = install(one_);
    });
    start.arrive_and_wait();
    const Result<bool> second = install(other_);
    racing.join();
    ASSERT_NE(first.has_value(), second.has_value()) << "both or none were installed";
    ASSERT_EQ((first ? second : first).error().code(), Errc::Conflict);
    ASSERT_EQ(installed(), digest(first ? one_ : other_));
    ASSERT_TRUE(remove_from_store(store_, "zoo", "1.0.0"));
  }
}

TEST_F(PluginInstall, KeepsTheSignatureUnlessAnotherOneWasCheckedOrIsWanted) {
  const auto sign = [this](const std::string& signature) {
    std::ofstream(one_ / kSignatureName) << signature;
  };
  const auto signature = [this] { return open_bundle(place_).value().signature; };
  ASSERT_TRUE(install(one_));
  sign("good");
  ASSERT_TRUE(install(one_).value()) << "what lacks one may get it";
  sign("garbage");
  const auto refused = install(one_);
  ASSERT_FALSE(refused) << "any other one takes its place";
  EXPECT_EQ(refused.error().code(), Errc::Conflict);
  EXPECT_EQ(signature(), "good");
  ASSERT_TRUE(install(one_, Replace::Signature).value());
  EXPECT_EQ(signature(), "garbage");
  sign("good");
  ASSERT_TRUE(install(one_, Replace::Yes).value());
  EXPECT_EQ(signature(), "good");
}

TEST_F(PluginInstall, RepairsFilesUnderTheSignatureThatIsThere) {
  std::ofstream(one_ / kSignatureName) << "good";
  for (const char* signature : {"garbage", ""}) {
    ASSERT_TRUE(install(one_));
    fs::permissions(place_ / "zoo.so", fs::perms::owner_all);
    std::ofstream(place_ / "zoo.so") << "damaged";
    std::ofstream(one_ / kSignatureName) << signature;
    ASSERT_TRUE(install(one_).value()) << signature;
    EXPECT_THAT(inspect_files(open_bundle(place_).value()).faults, testing::IsEmpty());
    EXPECT_EQ(open_bundle(place_).value().signature, "good") << signature;
    std::ofstream(one_ / kSignatureName) << "good";
  }
}

TEST_F(PluginInstall, ReplacesWhatNobodyCanRead) {
  ASSERT_TRUE(install(one_));
  ASSERT_EQ(install(other_).error().code(), Errc::Conflict);
  fs::permissions(place_ / kManifestName, fs::perms::owner_all);
  std::ofstream(place_ / kManifestName) << "{";
  ASSERT_TRUE(install(other_).value());
  EXPECT_EQ(installed(), digest(other_));
  fs::permissions(place_, fs::perms::owner_all);
  fs::remove(place_ / kManifestName);
  ASSERT_TRUE(install(one_).value());
  EXPECT_EQ(installed(), digest(one_));
}

TEST_F(PluginInstall, KeepsAVersionWhoseSignatureCannotBeRead) {
  std::ofstream(one_ / kSignatureName) << "good";
  ASSERT_TRUE(install(one_));
  fs::permissions(place_ / kSignatureName, fs::perms::owner_all);
  std::ofstream(place_ / kSignatureName) << std::string(kLongestSignature + 1, 'x');
  const auto refused = install(other_);
  ASSERT_FALSE(refused) << "other bytes take its place";
  EXPECT_EQ(refused.error().code(), Errc::Conflict);
  ASSERT_TRUE(install(one_).value()) << "it is not repaired";
  EXPECT_EQ(open_bundle(place_).value().signature, "good");
}

TEST_F(PluginInstall, KeepsAVersionThatFollowsOtherRules) {
  ASSERT_TRUE(install(one_));
  fs::permissions(place_ / kManifestName, fs::perms::owner_all);
  std::string text = files::read_file(place_ / kManifestName).value();
  text.insert(text.find('{') + 1, R"("key-of-another-ostler": 1, )");
  std::ofstream(place_ / kManifestName) << text;
  ASSERT_FALSE(open_bundle(place_));
  for (const fs::path& plugin : {one_, other_}) {
    const auto refused = install(plugin);
    ASSERT_FALSE(refused) << "it is replaced";
    EXPECT_EQ(refused.error().code(), Errc::Conflict);
  }
  EXPECT_EQ(files::read_file(place_ / kManifestName).value(), text);
  ASSERT_TRUE(install(one_, Replace::Yes).value());
  EXPECT_EQ(installed(), digest(one_));
}

TEST_F(PluginInstall, ReplacesWhatDoesNotSayWhichPluginItIs) {
  for (const char* text : {"[]", "{}", R"({"id": "zoo"})", R"({"id": "zoo", "version": 1})"}) {
    ASSERT_TRUE(install(other_, Replace::Yes));
    fs::permissions(place_ / kManifestName, fs::perms::owner_all);
    std::ofstream(place_ / kManifestName) << text;
    ASSERT_TRUE(install(one_).value()) << text;
    EXPECT_EQ(installed(), digest(one_)) << text;
  }
}

/// What the kernel has seen of a directory since this began, in order: (event, name).
class Watch {
 public:
  Watch(const fs::path& directory, std::uint32_t events)
      : fd_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    EXPECT_GE(::inotify_add_watch(fd_.get(), directory.c_str(), events), 0);
  }
  std::vector<std::pair<std::uint32_t, std::string>> seen() const {
    std::vector<std::pair<std::uint32_t, std::string>> events;
    alignas(inotify_event) std::array<char, 8192> bytes{};
    const ssize_t size = ::read(fd_.get(), bytes.data(), bytes.size());
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(bytes.data() + at);
      events.emplace_back(event->mask & ~std::uint32_t{IN_ISDIR},
                          event->len > 0 ? event->name : "");
      at += static_cast<ssize_t>(sizeof *event + event->len);
    }
    return events;
  }

 private:
  UniqueFd fd_;
};

TEST_F(PluginInstall, ReplacesWithoutAMomentInWhichThereIsNone) {
  ASSERT_TRUE(install(one_));
  const Watch watch(store_ / "zoo", IN_MOVED_FROM | IN_MOVED_TO);
  ASSERT_TRUE(install(other_, Replace::Yes).value());
  const auto events = watch.seen();
  const auto first = std::ranges::find(events, "1.0.0", &decltype(events)::value_type::second);
  ASSERT_NE(first, events.end());
  EXPECT_EQ(first->first, std::uint32_t{IN_MOVED_TO}) << "it went before the other one came";
  EXPECT_EQ(installed(), digest(other_));
  EXPECT_EQ(count(), 1) << "something is left";
}

TEST_F(PluginInstall, IsTakenAwayWhole) {
  ASSERT_TRUE(install(one_));
  const Watch watch(place_, IN_MOVE_SELF | IN_DELETE);
  ASSERT_TRUE(remove_from_store(store_, "zoo", "1.0.0"));
  const auto events = watch.seen();
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.front().first, std::uint32_t{IN_MOVE_SELF})
      << events.front().second << " was gone while the version could still be found";
  EXPECT_FALSE(fs::exists(store_ / "zoo"));
}

TEST_F(PluginInstall, SweepsWhatOthersLeftInTheMiddle) {
  for (const char* left : {".new-aBc123", ".gone-aBc123"}) {
    fs::create_directories(store_ / "zoo" / left);
    std::ofstream(store_ / "zoo" / left / "zoo.so") << "x";
  }
  fs::create_directories(store_ / "gone/.gone-aBc123");
  ASSERT_TRUE(install(one_));
  EXPECT_EQ(count(), 1);
  EXPECT_THAT(ids_in_store(store_), testing::ElementsAre("zoo"));
}

}  // namespace
}  // namespace ostler::plugin_host
