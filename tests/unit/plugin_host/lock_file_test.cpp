// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/lock_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::plugin_host {
namespace {

using testing::HasSubstr;

const std::string kDigest(64, 'a');

TEST(LockFile, IsReadAsItIsWrittenInOrder) {
  const std::string text = write_lock_file({{"zoo", "1.0.0", "linux-x86_64-glibc", kDigest},
                                            {"deploy", "2.1.0", "linux-x86_64-glibc", kDigest}});
  const auto plugins = read_lock_file(text).value();
  ASSERT_EQ(plugins.size(), 2u);
  EXPECT_EQ(plugins[0].id, "deploy");
  EXPECT_EQ(plugins[1].version, "1.0.0");
  EXPECT_EQ(plugins[1].sha256, kDigest);
  EXPECT_EQ(write_lock_file(plugins), text);
}

TEST(LockFile, NamesTheLineThatIsNone) {
  EXPECT_TRUE(read_lock_file("# nothing\n\n").value().empty());
  const std::string good = "zoo 1.0.0 linux sha256:" + kDigest;
  EXPECT_EQ(read_lock_file(good + "\r\n").value().size(), 1u);
  for (const std::string& bad :
       {good + " more", good + "b", std::string("zoo 1.0.0 linux"), "zoo 1.0.0 linux " + kDigest,
        "zoo 1.0.0 linux sha256:" + std::string(64, 'A'), "FDP 1.0.0 linux sha256:" + kDigest}) {
    const auto read = read_lock_file("\n" + bad + "\n");
    ASSERT_FALSE(read) << bad;
    EXPECT_THAT(read.error().message(), HasSubstr("plugins.lock, line 2"));
  }
}

TEST(LockFile, PinsAPluginToOneDigestOnly) {
  const std::string line = "zoo 1.0.0 linux sha256:";
  const std::string other(64, 'b');
  const auto read = read_lock_file(line + kDigest + "\n# merged\n" + line + other + "\n");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message(),
            "plugins.lock, line 3: pins zoo 1.0.0 linux to another digest than line 1 does");
  EXPECT_TRUE(read_lock_file(line + kDigest + "\n" + line + kDigest + "\n")) << "the same again";
  EXPECT_TRUE(read_lock_file(line + kDigest + "\nzoo 1.0.0 other sha256:" + other + "\n"));
  EXPECT_TRUE(read_lock_file(line + kDigest + "\nzoo 1.0.1 linux sha256:" + other + "\n"));
}

TEST(LockFile, PinsTheNewestThatIsMeant) {
  const std::vector<LockedPlugin> lock = {{"zoo", "1.10.0", own_platform(), kDigest},
                                          {"zoo", "1.9.0", own_platform(), kDigest},
                                          {"zoo", "2.0.0-beta", own_platform(), kDigest},
                                          {"zoo", "1.11.0", "linux-other-glibc", kDigest},
                                          {"beta", "1.0.0-beta", own_platform(), kDigest}};
  EXPECT_EQ(pinned_as({"zoo", ""}, lock), &lock[0]);
  EXPECT_EQ(pinned_as({"zoo", "1.9"}, lock), &lock[1]);
  EXPECT_EQ(pinned_as({"zoo", "2"}, lock), nullptr);
  EXPECT_EQ(pinned_as({"zoo", "1.11"}, lock), nullptr);
  EXPECT_EQ(pinned_as({"beta", ""}, lock), &lock[4]) << "the only one";
  EXPECT_EQ(pinned_as({"beta", "1"}, lock), nullptr);
}

}  // namespace
}  // namespace ostler::plugin_host
