// SPDX-License-Identifier: Apache-2.0
#include "files/new_file_beneath.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "files/file.hpp"
#include "support/temp_directory.hpp"

namespace ostler::files {
namespace {

namespace fs = std::filesystem;

class NewFileBeneathTest : public testing::Test {
 protected:
  Result<NewFileBeneath> make(const std::string& relative) const {
    return NewFileBeneath::make(directory_.get(), relative);
  }
  static void fill(const NewFileBeneath& file, const std::string& text) {
    std::ofstream(file.path()) << text;
  }

  support::TempDirectory place_;
  fs::path root_ = place_ / "root";
  UniqueFd directory_ = [this] {
    fs::create_directory(root_);
    return UniqueFd(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  }();
};

TEST_F(NewFileBeneathTest, AppearsWholeOrNotAtAll) {
  {
    auto file = make("a/b/c").value();
    fill(file, "text");
    EXPECT_FALSE(fs::exists(root_ / "a/b/c"));
    ASSERT_TRUE(file.keep(0640));
  }
  EXPECT_EQ(read_file(root_ / "a/b/c").value(), "text");
  struct stat found{};
  ASSERT_EQ(::stat((root_ / "a/b/c").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777u, 0640u);
  {
    fill(make("a/b/other").value(), "half");
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "a/b"), {}), 1) << "nothing is left of it";
}

TEST_F(NewFileBeneathTest, FollowsNoLinkAndLeavesNowhere) {
  fs::create_directory(place_ / "outside");
  fs::create_directory_symlink(place_ / "outside", root_ / "link");
  std::ofstream(root_ / "file") << "x";
  for (const char* path : {"link/x", "file/x", "../x", "/x", "a/../x", "", "a/"}) {
    const auto file = make(path);
    ASSERT_FALSE(file) << path;
    EXPECT_EQ(file.error().code(), Errc::Denied) << path;
  }
  EXPECT_TRUE(fs::is_empty(place_ / "outside"));
}

TEST_F(NewFileBeneathTest, ReplacesALinkInItsPlace) {
  std::ofstream(place_ / "theirs") << "theirs";
  fs::create_symlink(place_ / "theirs", root_ / "x");
  auto file = make("x").value();
  fill(file, "ours");
  ASSERT_TRUE(file.keep(0600));
  EXPECT_EQ(read_file(root_ / "x").value(), "ours");
  EXPECT_EQ(read_file(place_ / "theirs").value(), "theirs");
}

/// An earlier process had our number, and was killed before there were files without a name.
TEST_F(NewFileBeneathTest, MindsNothingThatOthersHaveLeft) {
  for (int i = 0; i < 20; ++i) {
    std::ofstream(root_ /
                  (".ostler-download-" + std::to_string(::getpid()) + "-" + std::to_string(i)));
  }
  auto file = make("x");
  ASSERT_TRUE(file) << file.error().message();
  fill(file.value(), "ours");
  ASSERT_TRUE(file.value().keep(0600));
  EXPECT_EQ(read_file(root_ / "x").value(), "ours");
}

TEST_F(NewFileBeneathTest, LeavesNothingWhenItsProcessIsKilled) {
  if (!UniqueFd(::open(root_.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600))) {
    GTEST_SKIP() << "this file system has no files without a name";
  }
  const pid_t child = ::fork();
  if (child == 0) {
    const auto file = make("x");
    if (file) fill(file.value(), "half");
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(fs::is_empty(root_));
}

/// Whoever else may write there puts a link in the way at the worst moment.
TEST_F(NewFileBeneathTest, WritesToItselfWhateverIsPutInTheWay) {
  fs::create_directory(place_ / "outside");
  auto file = make("a/x").value();
  fs::rename(root_ / "a", root_ / "b");
  fs::create_directory_symlink(place_ / "outside", root_ / "a");
  for (const auto& entry : fs::directory_iterator(root_ / "b")) {
    fs::remove(entry);
    fs::create_symlink(place_ / "outside/y", entry);
  }
  fill(file, "ours");
  (void)file.keep(0600);
  EXPECT_TRUE(fs::is_empty(place_ / "outside"));
}

}  // namespace
}  // namespace ostler::files
