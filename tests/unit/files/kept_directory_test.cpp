// SPDX-License-Identifier: Apache-2.0
#include "files/kept_directory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "support/temp_directory.hpp"

namespace ostler::files {
namespace {

namespace fs = std::filesystem;

class KeptDirectories : public testing::Test {
 protected:
  KeptDirectory take(const std::string& name) const {
    return std::move(KeptDirectory::take(root(), name, "somebody's " + name)).value();
  }
  fs::path root() const { return directory_.path() / "kept"; }
  /// One with a file, used so many days ago.
  void make(const std::string& name, int days, std::size_t bytes = 10) const {
    auto kept = take(name);
    std::ofstream(kept.path() / "file") << std::string(bytes, 'x');
    ASSERT_TRUE(kept.note_use());
    const timespec at{.tv_sec = std::time(nullptr) - days * 86'400L, .tv_nsec = 0};
    const timespec times[] = {at, at};
    ASSERT_EQ(::utimensat(AT_FDCWD, (root() / name / "use").c_str(), times, 0), 0);
  }
  bool has(const std::string& name) const { return fs::exists(root() / name / "files/file"); }

 private:
  support::TempDirectory directory_;
};

TEST_F(KeptDirectories, StayFromUseToUse) {
  make("one", 0);
  EXPECT_TRUE(fs::exists(take("one").path() / "file"));
  EXPECT_FALSE(fs::exists(take("other").path() / "file"));
  EXPECT_EQ(fs::status(take("one").path()).permissions(), fs::perms::owner_all);
}

TEST_F(KeptDirectories, GoWhenNobodyHasUsedThemForLong) {
  make("old", 31);
  make("newer", 29);
  make("taken", 31);
  const KeptDirectory taken = take("taken");
  ASSERT_TRUE(clear_kept(root()));
  EXPECT_FALSE(fs::exists(root() / "old"));
  EXPECT_TRUE(has("newer"));
  EXPECT_TRUE(has("taken"));
}

TEST_F(KeptDirectories, GoInTheOrderOfTheirUseWhenTheyAreTooLarge) {
  constexpr std::size_t kEach = 64 << 10;
  make("a", 3, kEach);
  make("b", 1, kEach);
  make("c", 2, kEach);
  ASSERT_TRUE(clear_kept(root(), {.bytes = 2 * kEach + kEach / 2}));
  EXPECT_FALSE(has("a"));
  EXPECT_TRUE(has("b"));
  EXPECT_TRUE(has("c"));
  ASSERT_TRUE(clear_kept(root(), {.bytes = kEach / 2}));
  EXPECT_FALSE(has("b")) << "the only one as well";
}

TEST_F(KeptDirectories, StayWhileTheyAreInUseHoweverLargeTheyAre) {
  make("large", 40, 64 << 10);
  {
    const KeptDirectory one = take("large");
    const KeptDirectory other = take("large");
    EXPECT_EQ(one.path(), other.path());
    ASSERT_TRUE(clear_kept(root(), {.unused = std::chrono::seconds(-10), .bytes = 1}));
    EXPECT_TRUE(has("large"));
  }
  ASSERT_TRUE(clear_kept(root(), {.unused = std::chrono::seconds(-10), .bytes = 1}));
  EXPECT_FALSE(fs::exists(root() / "large"));
}

TEST_F(KeptDirectories, LeaveNothingOfWhatAKilledProcessWasRemoving) {
  make("one", 0);
  fs::create_directories(root() / ".going-1/files");
  ASSERT_TRUE(clear_kept(root()));
  EXPECT_FALSE(fs::exists(root() / ".going-1"));
  EXPECT_TRUE(has("one"));
  EXPECT_TRUE(clear_kept(root() / "nothing"));
}

TEST_F(KeptDirectories, AreThisUsersAlone) {
  fs::create_directories(root());
  fs::permissions(root(), fs::perms::all);
  const auto refused = KeptDirectory::take(root(), "one", "me");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::Denied);
}

}  // namespace
}  // namespace ostler::files
