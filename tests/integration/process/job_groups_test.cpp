// SPDX-License-Identifier: Apache-2.0
#include "process/job_groups.hpp"

#include <gtest/gtest.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "files/file.hpp"
#include "process/cgroup.hpp"
#include "support/temp_directory.hpp"

namespace ostler::process {
namespace {

constexpr std::string_view kHybrid =
    "38 31 0:35 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
    "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n";

TEST(OwnCgroupDirectory, FindsTheVersionTwoTreeOfAHybridMachine) {
  EXPECT_EQ(own_cgroup_directory(kHybrid, "4:memory:/x\n0::/\n"), "/sys/fs/cgroup/unified");
  EXPECT_EQ(own_cgroup_directory(kHybrid, "0::/system.slice/ostler.service\n"),
            "/sys/fs/cgroup/unified/system.slice/ostler.service");
}

TEST(OwnCgroupDirectory, TakesOffThePartThatIsNotMounted) {
  const std::string_view container =
      "5 4 0:9 /docker/abc /sys/fs/cgroup ro,nosuid master:3 - cgroup2 cgroup rw\n";
  EXPECT_EQ(own_cgroup_directory(container, "0::/docker/abc/job\n"), "/sys/fs/cgroup/job");
  EXPECT_EQ(own_cgroup_directory(container, "0::/docker/abc\n"), "/sys/fs/cgroup");
  EXPECT_EQ(own_cgroup_directory(container, "0::/elsewhere\n"), std::nullopt);
}

TEST(OwnCgroupDirectory, FindsNoneOnAMachineWithVersionOneOnly) {
  EXPECT_EQ(own_cgroup_directory("38 31 0:35 / /m rw - cgroup cgroup rw,memory\n", "4:memory:/\n"),
            std::nullopt);
}

bool mark_delegated(const std::filesystem::path& group) {
  return ::setxattr(group.c_str(), "user.delegate", "1", 1, 0) == 0;
}

/// A group of the real tree with another one in it, both removed in the end.
class Subgroup : public testing::Test {
 protected:
  void SetUp() override {
    const auto groups = find_job_groups();
    if (!groups) GTEST_SKIP() << "this machine has no control groups of version 2";
    outer = *groups / ("ostler-test-outer-" + std::to_string(::getpid()));
    inner = outer / "agent";
    if (!Cgroup::create(outer) || !Cgroup::create(inner)) GTEST_SKIP() << "no group is delegated";
  }
  void TearDown() override {
    if (outer.empty()) return;
    ::rmdir(inner.c_str());
    ::rmdir(outer.c_str());
  }
  std::filesystem::path outer;
  std::filesystem::path inner;
};

TEST_F(Subgroup, OfADelegatedGroupLeavesItToTheJobs) {
  EXPECT_EQ(job_groups_of(inner), inner) << "nobody has delegated the outer one";
  if (!mark_delegated(outer)) GTEST_SKIP() << "this kernel keeps no attributes of control groups";
  EXPECT_EQ(job_groups_of(inner), outer);
  EXPECT_EQ(job_groups_of(outer), outer);
  ASSERT_TRUE(mark_delegated(inner));
  EXPECT_EQ(job_groups_of(inner), inner);
}

/// A directory with the two files of a group that say what is enabled.
class Accounting : public testing::Test {
 protected:
  void SetUp() override {
    if (!mark_delegated(group.path())) GTEST_SKIP() << "the file system keeps no attributes";
  }
  void give(const std::string& possible, const std::string& enabled) {
    ASSERT_TRUE(files::write_file_atomically(group / "cgroup.controllers", possible));
    ASSERT_TRUE(files::write_file_atomically(group / "cgroup.subtree_control", enabled));
  }
  std::string control() const { return files::read_file(group / "cgroup.subtree_control").value(); }

  const support::TempDirectory group;
};

TEST_F(Accounting, IsEnabledWhereThereIsAController) {
  give("cpu memory pids\n", "");
  EXPECT_TRUE(account_memory(group.path()));
  EXPECT_EQ(control(), "+memory");
}

TEST_F(Accounting, IsLeftAloneWhenItIsEnabled) {
  give("cpu memory pids\n", "memory pids\n");
  EXPECT_TRUE(account_memory(group.path()));
  EXPECT_EQ(control(), "memory pids\n");
}

TEST_F(Accounting, IsNotOursToEnableWhereNothingWasDelegated) {
  give("cpu memory pids\n", "");
  ASSERT_EQ(::removexattr(group.path().c_str(), "user.delegate"), 0);
  EXPECT_EQ(account_memory(group.path()).error().code(), Errc::Denied);
  EXPECT_EQ(control(), "");
}

TEST_F(Accounting, NeedsAController) {
  give("cpu hugetlb\n", "");
  EXPECT_EQ(account_memory(group.path()).error().code(), Errc::NotFound);
  EXPECT_EQ(control(), "");
}

}  // namespace
}  // namespace ostler::process
