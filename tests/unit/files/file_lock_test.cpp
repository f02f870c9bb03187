// SPDX-License-Identifier: Apache-2.0
#include "files/file_lock.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>

#include "support/temp_directory.hpp"

namespace ostler::files {
namespace {

TEST(FileLock, HasOneHolderAtATime) {
  const support::TempDirectory directory;
  std::optional<FileLock> first(FileLock::try_acquire(directory / "lock").value());
  EXPECT_EQ(FileLock::try_acquire(directory / "lock").error().code(), Errc::Conflict);
  EXPECT_TRUE(FileLock::is_held(directory / "lock").value());
  first.reset();
  EXPECT_FALSE(FileLock::is_held(directory / "lock").value());
  EXPECT_TRUE(FileLock::try_acquire(directory / "lock"));
}

TEST(FileLock, LivesAsLongAsAnyProcessThatInheritedIt) {
  const support::TempDirectory directory;
  std::optional<FileLock> lock(FileLock::try_acquire(directory / "lock").value());
  int gate[2];
  ASSERT_EQ(::pipe(gate), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(gate[1]);
    char end = 0;
    const auto got = ::read(gate[0], &end, 1);
    ::_exit(got == 0 ? 0 : 1);
  }
  ::close(gate[0]);
  lock.reset();
  EXPECT_TRUE(FileLock::is_held(directory / "lock").value());
  ::close(gate[1]);
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(FileLock::is_held(directory / "lock").value());
}

TEST(FileLock, IsAdoptedWithTheDescriptorThatHasIt) {
  const support::TempDirectory directory;
  auto given = FileLock::try_acquire(directory / "lock").value();
  UniqueFd inherited(::dup(given.fd()));
  const auto adopted = FileLock::adopt(std::move(inherited), "the lock");
  ASSERT_TRUE(adopted);
  {
    const auto let_go = std::move(given).release();
  }
  EXPECT_TRUE(FileLock::is_held(directory / "lock").value());
}

TEST(FileLock, IsNotAdoptedWithADescriptorOfAnother) {
  const support::TempDirectory directory;
  const auto held = FileLock::try_acquire(directory / "lock").value();
  UniqueFd other(::open((directory / "lock").c_str(), O_RDWR | O_CLOEXEC));
  const auto refused = FileLock::adopt(std::move(other), "the lock");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::Conflict);
  EXPECT_EQ(refused.error().message(), "the lock is locked by another process");
}

TEST(FileLock, MissingFileIsNotHeld) {
  const support::TempDirectory directory;
  EXPECT_FALSE(FileLock::is_held(directory / "none").value());
}

}  // namespace
}  // namespace ostler::files
