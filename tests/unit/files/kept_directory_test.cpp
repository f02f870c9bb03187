// SPDX-License-Identifier: Apache-2.0
#include "files/kept_directory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include "base/uuid.hpp"
#include "files/use_file.hpp"
#include "support/as_nobody.hpp"
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
  /// As if all had been cleared so long ago.
  void age_mark(std::chrono::seconds by) const {
    const fs::path mark = root() / ".cleared";
    fs::last_write_time(mark, fs::file_time_type::clock::now() - by);
  }
  std::uint64_t noted(const std::string& name) const {
    const UniqueFd use(::open((root() / name / "use").c_str(), O_RDONLY | O_CLOEXEC));
    return noted_size(use.get());
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

/// As an archive does whose first entry is the directory itself.
TEST_F(KeptDirectories, StayWhateverRightsTheirUserGaveThem) {
  for (const auto rights :
       {fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_read, fs::perms::none}) {
    make("one", 0);
    fs::permissions(root() / "one/files", rights);
    const auto again = KeptDirectory::take(root(), "one", "me");
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_TRUE(fs::exists(again.value().path() / "file"));
    EXPECT_EQ(fs::status(again.value().path()).permissions(), fs::perms::owner_all);
  }
}

TEST_F(KeptDirectories, AreNoLinksToOthers) {
  (void)take("one");
  fs::create_directory(root() / "other");
  fs::permissions(root() / "other", fs::perms::owner_all);
  fs::remove(root() / "one/files");
  fs::create_directory_symlink(root() / "other", root() / "one/files");
  const auto refused = KeptDirectory::take(root(), "one", "me");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::Denied);
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
  EXPECT_LT(noted("sparse"), 1u << 20);
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

TEST_F(KeptDirectories, AreClearedOnceInATime) {
  constexpr KeptLimits kHourly{.every = std::chrono::hours(1)};
  make("first", 31);
  ASSERT_TRUE(clear_kept(root(), kHourly));
  EXPECT_FALSE(has("first"));
  make("second", 31);
  ASSERT_TRUE(clear_kept(root(), kHourly));
  EXPECT_TRUE(has("second"));
  age_mark(std::chrono::minutes(61));
  ASSERT_TRUE(clear_kept(root(), kHourly));
  EXPECT_FALSE(has("second"));
  make("third", 31);
  age_mark(-std::chrono::hours(2));
  ASSERT_TRUE(clear_kept(root(), kHourly));
  EXPECT_FALSE(has("third")) << "by a clock that was wrong";
}

TEST_F(KeptDirectories, AreLeftToTheNextOneThatClearsThem) {
  constexpr KeptLimits kHourly{.every = std::chrono::hours(1)};
  make("old", 31);
  for (int i = 0; i < 100; ++i) std::ofstream(root() / "old/files" / std::to_string(i)) << "x";
  make("older", 32);
  int asked = 0;
  ASSERT_TRUE(clear_kept(root(), kHourly, [&asked] { return ++asked > 50; }));
  EXPECT_EQ(asked, 51) << "it ends at once";
  EXPECT_FALSE(fs::exists(root() / "old")) << "it was begun with";
  EXPECT_TRUE(has("older"));
  ASSERT_TRUE(clear_kept(root(), kHourly));
  EXPECT_FALSE(has("older"));
  for (const auto& left : fs::directory_iterator(root())) {
    EXPECT_EQ(left.path().filename(), ".cleared") << "what was begun is done, too";
  }
}

TEST_F(KeptDirectories, HaveNoLessThanBeforeWhenTheyAreNotMeasuredToTheEnd) {
  make("one", 0, 1 << 30);
  auto kept = take("one");
  std::ofstream(kept.path() / "more") << std::string(256 << 10, 'x');
  EXPECT_EQ(kept.note_use([] { return true; }).value(), 1u << 30);
  EXPECT_EQ(noted("one"), 1u << 30);
  const std::uint64_t whole = kept.note_use().value();
  EXPECT_GE(whole, 256u << 10);
  EXPECT_LT(whole, 1u << 20);
  EXPECT_EQ(noted("one"), whole);
}

class KeptByNobody : public KeptDirectories {
 protected:
  void SetUp() override {
    if (!support::can_nobody_work_in(top())) GTEST_SKIP() << "that user cannot work here";
  }
  bool as_nobody(const std::function<bool()>& work) const {
    return support::as_nobody(top(), work);
  }
  fs::path top() const { return root().parent_path(); }
};

TEST_F(KeptByNobody, AreMeasuredAndRemovedWhereDirectoriesAreClosed) {
  ASSERT_TRUE(as_nobody([this] {
    auto kept = take("closed");
    fs::create_directories(kept.path() / "outer/inner");
    std::ofstream(kept.path() / "outer/inner/file") << std::string(256 << 10, 'x');
    for (const char* each : {"outer/inner", "outer"}) {
      fs::permissions(kept.path() / each, fs::perms::none);
    }
    return ::access((kept.path() / "outer/inner").c_str(), F_OK) != 0;
  })) << "they are closed to this user";
  EXPECT_TRUE(as_nobody([this] { return take("closed").note_use().value() >= 256u << 10; }));
  EXPECT_GE(noted("closed"), 256u << 10);
  for (const char* each : {"outer/inner", "outer"}) {
    fs::permissions(root() / "closed/files" / each, fs::perms::none);
  }
  EXPECT_TRUE(as_nobody(
      [this] { return clear_kept(root(), {.unused = std::chrono::seconds(-10)}).has_value(); }));
  EXPECT_FALSE(fs::exists(root() / "closed"));
  for (const auto& left : fs::directory_iterator(root())) {
    EXPECT_EQ(left.path().filename(), ".cleared");
  }
}

TEST_F(KeptByNobody, AreTakenWhereTheirUserClosedThem) {
  EXPECT_TRUE(as_nobody([this] {
    fs::permissions(take("closed").path(), fs::perms::none);
    return KeptDirectory::take(root(), "closed", "me").has_value();
  }));
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
