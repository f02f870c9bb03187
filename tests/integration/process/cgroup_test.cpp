// SPDX-License-Identifier: Apache-2.0
#include "process/cgroup.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "files/file.hpp"
#include "process/job_groups.hpp"
#include "process/spawn.hpp"
#include "support/temp_directory.hpp"

namespace ostler::process {
namespace {

/// The file as Linux writes it; `oom_kill` stands between keys that begin or end like it.
std::string memory_events(const std::string& oom_kill) {
  return "low 0\nhigh 5\nmax 12\noom 3\n" + oom_kill + "oom_group_kill 7\n";
}

TEST(CountOomKills, ReadsTheKernelsCounterAndNoOtherOne) {
  const support::TempDirectory group;
  EXPECT_EQ(count_oom_kills(group.path()), std::nullopt) << "a group without memory controller";
  const auto file = group / "memory.events";
  ASSERT_TRUE(files::write_file_atomically(file, memory_events("oom_kill 2\n")));
  EXPECT_EQ(count_oom_kills(group.path()), 2u);
  ASSERT_TRUE(files::write_file_atomically(file, memory_events("oom_kill 0\n")));
  EXPECT_EQ(count_oom_kills(group.path()), 0u);
  ASSERT_TRUE(files::write_file_atomically(file, memory_events("")));
  EXPECT_EQ(count_oom_kills(group.path()), std::nullopt) << "a kernel that does not count them";
  ASSERT_TRUE(files::write_file_atomically(group / "memory.events.local", "oom_kill 9\n"));
  EXPECT_EQ(count_oom_kills(group.path()), std::nullopt) << "kills below the group count too";
}

Result<Cgroup> make_group(const std::string& prefix) {
  const auto groups = find_job_groups();
  if (!groups) return Error(Errc::NotFound, "no version 2 tree");
  return Cgroup::create(*groups / (prefix + std::to_string(::getpid())));
}

TEST(Cgroup, KillsWhatIsInItAndGoes) {
  auto made = make_group("ostler-test-");
  if (!made) GTEST_SKIP() << "no control group is delegated to this user";
  const Cgroup& group = made.value();
  SpawnOptions options{.executable = "/bin/sleep", .arguments = {"sleep", "1000"}};
  options.cgroup_fd = group.fd();
  auto child = spawn(options).value();
  EXPECT_TRUE(group.is_populated().value());
  EXPECT_EQ(group.remove().error().code(), Errc::Conflict);
  EXPECT_FALSE(group.await_empty(std::chrono::milliseconds(1)));
  ASSERT_TRUE(group.kill());
  EXPECT_TRUE(group.await_empty(std::chrono::seconds(30)));
  EXPECT_EQ(child.wait(std::chrono::seconds(30)).value(), ExitStatus(Signalled{SIGKILL}));
  EXPECT_FALSE(group.is_populated().value());
  ASSERT_TRUE(group.remove());
  EXPECT_FALSE(std::filesystem::exists(group.directory()));
}

TEST(Cgroup, HoldsACopyThatRunsAFunction) {
  auto made = make_group("ostler-test-copy-");
  if (!made) GTEST_SKIP() << "no control group is delegated to this user";
  SpawnOptions options;
  options.cgroup_fd = made.value().fd();
  options.function = [] {
    const auto own = files::read_file("/proc/self/cgroup");
    return own && own.value().find("ostler-test-copy-") != std::string::npos ? 0 : 1;
  };
  EXPECT_EQ(spawn(options).value().wait(std::chrono::seconds(30)).value(), ExitStatus(Exited{0}));
  ASSERT_TRUE(made.value().remove());
}

TEST(Cgroup, RefusesDirectoriesThatAreNone) {
  EXPECT_EQ(Cgroup::open("/tmp").error().code(), Errc::Denied);
  EXPECT_EQ(Cgroup::open("/does/not/exist").error().code(), Errc::NotFound);
}

}  // namespace
}  // namespace ostler::process
