// SPDX-License-Identifier: Apache-2.0
#include "files/kept_directory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <fstream>

#include "base/uuid.hpp"
#include "files/use_file.hpp"
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
  /// One with a file, used so many days ago, of a size that is noted however large the file is.
  void make(const std::string& name, int days, std::uint64_t bytes = 10) const {
    auto kept = take(name);
    std::ofstream(kept.path() / "file") << "x";
    const UniqueFd use(::open((root() / name / "use").c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_TRUE(write_use(use.get(), bytes, "somebody's " + name));
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

TEST_F(KeptDirectories, DoNotGoForOneThatIsTooLargeItself) {
  make("small", 2, 40);
  make("large", 1, 1000);
  ASSERT_TRUE(clear_kept(root(), {.bytes = 100}));
  EXPECT_FALSE(has("large"));
  EXPECT_TRUE(has("small"));
  make("used", 0, 1000);
  const KeptDirectory used = take("used");
  ASSERT_TRUE(clear_kept(root(), {.bytes = 100}));
  EXPECT_TRUE(has("used"));
  EXPECT_TRUE(has("small")) << "one in use counts as the half";
}

TEST_F(KeptDirectories, HaveTheSizeThatTheyTakeOfTheDisk) {
  {
    auto kept = take("sparse");
    std::ofstream(kept.path() / "file") << "x";
    fs::resize_file(kept.path() / "file", std::uint64_t{1} << 30);
    ASSERT_TRUE(kept.note_use());
  }
  const UniqueFd use(::open((root() / "sparse/use").c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_LT(noted_size(use.get()), 1u << 20);
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
  const fs::path gone = root() / (".going-" + Uuid::make().str());
  fs::create_directories(gone / "files");
  ASSERT_TRUE(clear_kept(root()));
  EXPECT_FALSE(fs::exists(gone));
  EXPECT_TRUE(has("one"));
  EXPECT_TRUE(clear_kept(root() / "nothing"));
  EXPECT_FALSE(fs::exists(root() / "nothing"));
}

TEST_F(KeptDirectories, AreClearedByOneAtATime) {
  make("old", 31);
  UniqueFd other(::open(root().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ASSERT_EQ(::flock(other.get(), LOCK_EX), 0);
  EXPECT_TRUE(clear_kept(root()));
  EXPECT_TRUE(has("old"));
  other.reset();
  EXPECT_TRUE(clear_kept(root()));
  EXPECT_FALSE(has("old"));
}

/// What a sweep holds that has found an old one and has yet to remove it.
class KeptDirectoriesFound : public KeptDirectories {
 protected:
  void find(const std::string& name) {
    make(name, 40);
    root_fd_.reset(::open(root().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    file_ = UseFile::open(root_fd_.get(), name);
    ASSERT_TRUE(file_);
    seen_ = file_->use().value();
  }
  bool moves_away() { return file_->move_away(seen_, "gone").value(); }

 private:
  UniqueFd root_fd_;
  std::optional<UseFile> file_;
  UseFile::Use seen_;
};

TEST_F(KeptDirectoriesFound, GoWhenNothingHappens) {
  find("one");
  EXPECT_TRUE(moves_away());
  EXPECT_TRUE(fs::exists(root() / "gone/files/file"));
  EXPECT_FALSE(fs::exists(root() / "one"));
}

TEST_F(KeptDirectoriesFound, StayWhenSomebodyUsesThem) {
  find("one");
  const KeptDirectory used = take("one");
  EXPECT_FALSE(moves_away());
  EXPECT_TRUE(has("one"));
}

TEST_F(KeptDirectoriesFound, StayWhenSomebodyHasUsedThemSince) {
  find("one");
  (void)take("one");
  EXPECT_FALSE(moves_away());
  EXPECT_TRUE(has("one"));
}

TEST_F(KeptDirectoriesFound, StayWhenAnotherIsInTheirPlace) {
  find("one");
  fs::rename(root() / "one", root() / "elsewhere");
  const KeptDirectory made_anew = take("one");
  EXPECT_FALSE(moves_away());
  EXPECT_TRUE(fs::exists(made_anew.path()));
}

/// A root that was named by mistake.
class OtherDirectories : public KeptDirectories {
 protected:
  void make_use(const fs::path& place, const std::string& text) const {
    fs::create_directories(place / "files");
    fs::permissions(place, fs::perms::owner_all);
    std::ofstream(place / "use") << text;
    const timespec at{.tv_sec = 86'400, .tv_nsec = 0};
    const timespec times[] = {at, at};
    fs::permissions(place / "use", fs::perms::owner_read | fs::perms::owner_write);
    ASSERT_EQ(::utimensat(AT_FDCWD, (place / "use").c_str(), times, 0), 0);
  }
  static constexpr const char* kText = "00000000000000000010\nsomebody's\n";
};

TEST_F(OtherDirectories, Stay) {
  make("ours", 40);
  fs::create_directories(root() / "postgres/files");
  make_use(root() / "no-such-text", "in use\n");
  make_use(root() / "no-such-name!", kText);
  make_use(root() / "linked-use", kText);
  fs::rename(root() / "linked-use/use", root() / "linked-use/other");
  fs::create_symlink("other", root() / "linked-use/use");
  make_use(root().parent_path() / "outside", kText);
  fs::create_directory_symlink(root().parent_path() / "outside", root() / "linked");
  fs::create_directories(root() / ".going-places");
  ASSERT_TRUE(clear_kept(root()));
  ASSERT_TRUE(clear_kept(root(), {.unused = std::chrono::seconds(-10)}));
  EXPECT_FALSE(fs::exists(root() / "ours"));
  for (const char* name : {"postgres/files", "no-such-text/files", "no-such-name!/files",
                           "linked-use/files", "linked/files", ".going-places"}) {
    EXPECT_TRUE(fs::exists(root() / name)) << name;
  }
  EXPECT_FALSE(fs::exists(root() / "postgres/use")) << "nothing is made there";
}

TEST_F(OtherDirectories, StayWhereOthersMayEnter) {
  make("ours", 40);
  fs::permissions(root(), fs::perms::owner_all | fs::perms::others_read);
  const auto refused = clear_kept(root());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::Denied);
  EXPECT_TRUE(has("ours"));
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
