// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "base/uuid.hpp"
#include "files/kept_directory.hpp"
#include "files/use_file.hpp"
#include "support/as_nobody.hpp"
#include "support/temp_directory.hpp"

namespace ostler::files {
namespace {

namespace fs = std::filesystem;

/// What a sweep has begun to remove, with files of another user in it, as a container leaves them.
class StuckDirectory : public testing::Test {
 protected:
  static constexpr int kFiles = 100;

  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can have files of two users";
    if (!support::can_nobody_work_in(directory_.path())) GTEST_SKIP() << "that user cannot work";
    ASSERT_TRUE(as_nobody(
        [this] { return ::mkdir(root_.c_str(), 0700) == 0 && ::mkdir(gone_.c_str(), 0700) == 0; }));
    fs::create_directory(gone_ / "foreign");
    for (int i = 0; i < kFiles; ++i) {
      std::ofstream(gone_ / "foreign" / std::to_string(i)) << std::string(4096, 'x');
    }
  }
  bool as_nobody(const std::function<bool()>& work) const {
    return support::as_nobody(directory_.path(), work);
  }
  /// One that was used so many days ago, of a size that is noted however large it is.
  bool make(const std::string& name, int days, std::uint64_t bytes = 10) const {
    const auto kept = KeptDirectory::take(root_, name, "somebody's");
    const fs::path use = root_ / name / "use";
    const UniqueFd file(::open(use.c_str(), O_RDWR | O_CLOEXEC));
    const timespec at{.tv_sec = std::time(nullptr) - days * 86'400L, .tv_nsec = 0};
    const timespec times[] = {at, at};
    return kept && write_use(file.get(), bytes, "somebody's") &&
           ::utimensat(AT_FDCWD, use.c_str(), times, 0) == 0;
  }
  fs::path stuck() const {
    for (const auto& entry : fs::directory_iterator(root_)) {
      if (entry.path().filename().string().starts_with(".stuck-")) return entry.path();
    }
    return {};
  }

  const support::TempDirectory directory_;
  const fs::path root_ = directory_ / "kept";
  const fs::path gone_ = root_ / (".going-" + Uuid::make().str());
};

TEST_F(StuckDirectory, IsMeasuredNoLongerThanThereIsTime) {
  constexpr KeptLimits kLimits{.bytes = 1 << 20};
  EXPECT_TRUE(as_nobody([&] {
    int asked = 0;
    (void)clear_kept(root_, kLimits, [&asked] { return ++asked > 50; });
    return asked == 51;
  }));
  EXPECT_TRUE(stuck().string().ends_with("-" + std::to_string(kLimits.each())))
      << "as large as it may be: " << stuck();
}

TEST_F(StuckDirectory, IsToldOfOnceAndWithWhatToDo) {
  EXPECT_TRUE(as_nobody([this] {
    const auto told = clear_kept(root_);
    return !told && told.error().code() == Errc::Denied &&
           told.error().message().find(stuck().string() + " cannot be removed") == 0 &&
           told.error().message().find("remove it as") != std::string::npos;
  }));
  EXPECT_TRUE(as_nobody([this] { return clear_kept(root_).has_value(); }));
  EXPECT_TRUE(fs::exists(stuck() / "foreign/0"));
}

TEST_F(StuckDirectory, IsToldOfBesideAnother) {
  const fs::path other = root_ / (".going-" + Uuid::make().str());
  ASSERT_TRUE(as_nobody([&] { return ::mkdir(other.c_str(), 0700) == 0; }));
  fs::create_directory(other / "foreign");
  std::ofstream(other / "foreign/file") << "x";
  EXPECT_TRUE(as_nobody([&] {
    const auto told = clear_kept(root_);
    const std::string text = told ? "" : told.error().message();
    return text.find(gone_) != text.npos && text.find(other) != text.npos;
  }));
}

TEST_F(StuckDirectory, CostsNothingOfTheTimeForTheOthers) {
  EXPECT_TRUE(as_nobody([this] {
    (void)clear_kept(root_);
    int asked = 0;
    return make("old", 31) && clear_kept(root_, {}, [&asked] { return ++asked > 7; });
  }));
  EXPECT_FALSE(fs::exists(root_ / "old"));
}

TEST_F(StuckDirectory, CountsUntilItCanBeRemoved) {
  EXPECT_TRUE(as_nobody([this] {
    (void)clear_kept(root_);
    return make("newer", 1, 40) && make("older", 2, 40) && clear_kept(root_, {.bytes = 100});
  }));
  EXPECT_TRUE(fs::exists(root_ / "newer"));
  EXPECT_FALSE(fs::exists(root_ / "older")) << "it takes the half, as much as one may";
  const std::string size = stuck().string().substr(stuck().string().rfind('-') + 1);
  EXPECT_GT(std::stoull(size), kFiles * 4096u) << "it was measured whole";
  fs::remove_all(stuck() / "foreign");
  EXPECT_TRUE(as_nobody([this] { return clear_kept(root_).has_value(); }));
  EXPECT_TRUE(stuck().empty());
}

/// For any user: in a world of its own a process mounts something on a directory, which is busy
/// there until it ends.
class BusyDirectory : public testing::Test {
 protected:
  void SetUp() override {
    if (!support::can_nobody_work_in(directory_.path())) GTEST_SKIP() << "that user cannot work";
    ASSERT_TRUE(as_nobody([this] {
      return ::mkdir(root_.c_str(), 0700) == 0 && ::mkdir(gone_.c_str(), 0700) == 0 &&
             ::mkdir((gone_ / "busy").c_str(), 0700) == 0;
    }));
    if (!while_busy([] { return true; })) GTEST_SKIP() << "no user may mount anything here";
  }
  bool as_nobody(const std::function<bool()>& work) const {
    return support::as_nobody(directory_.path(), work);
  }
  bool while_busy(const std::function<bool()>& work) const {
    const fs::path busy = gone_ / "busy";
    return as_nobody([&] {
      return ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
             ::mount(busy.c_str(), busy.c_str(), nullptr, MS_BIND, nullptr) == 0 && work();
    });
  }
  std::vector<std::string> left() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(root_)) {
      const std::string name = entry.path().filename();
      if (name != ".cleared") names.push_back(name);
    }
    return names;
  }

  const support::TempDirectory directory_;
  const fs::path root_ = directory_ / "kept";
  const fs::path gone_ = root_ / (".going-" + Uuid::make().str());
};

TEST_F(BusyDirectory, IsPutAsideAndGoesOnceItCan) {
  EXPECT_TRUE(while_busy([this] {
    const auto told = clear_kept(root_);
    return !told && told.error().message().find("cannot be removed") != std::string::npos &&
           told.error().message().find(".stuck-") != std::string::npos && clear_kept(root_);
  }));
  ASSERT_EQ(left().size(), 1u);
  EXPECT_TRUE(left()[0].starts_with(".stuck-")) << left()[0];
  EXPECT_TRUE(as_nobody([this] { return clear_kept(root_).has_value(); }));
  EXPECT_TRUE(left().empty()) << left()[0];
}

}  // namespace
}  // namespace ostler::files
