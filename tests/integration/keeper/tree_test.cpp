// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/keeper/driven_keeper.hpp"
#include "process/cgroup.hpp"
#include "supervise/job_lock.hpp"
#include "support/wait_until.hpp"

namespace ostler::keeper {
namespace {

std::string sleeping(const std::string& seconds) { return std::string("sleep") + '\0' + seconds; }

TEST(KeeperTree, EndsADaemonWithTheJobAndNotBefore) {
  DrivenKeeper keeper;
  keeper.give(
      "started\nshell setsid sleep 98761 >/dev/null 2>&1 & \noutput ready\nrequest hold\nreport "
      "0\n");
  const auto request = keeper.await<supervise::ApiRequest>();
  EXPECT_TRUE(support::wait_until(kLimit, [] { return is_running(sleeping("98761")); }));
  keeper.send(supervise::ApiReply{.id = request.id, .status = 200, .headers = {}, .body = ""});
  keeper.await<supervise::Done>();
  EXPECT_FALSE(is_running(sleeping("98761")));
  const auto journal = keeper.finish();
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, journal::Cause::Exited);
}

TEST(KeeperTree, EndsADeepTreeWhoseParentsAreGone) {
  DrivenKeeper keeper;
  keeper.give(
      "started\nshell (((sleep 98762 & sleep 98762 &) & sleep 98762 &) &) >/dev/null 2>&1\n"
      "request hold\nreport 0\n");
  const auto request = keeper.await<supervise::ApiRequest>();
  EXPECT_TRUE(support::wait_until(kLimit, [] { return is_running(sleeping("98762")); }));
  keeper.send(supervise::ApiReply{.id = request.id, .status = 200, .headers = {}, .body = ""});
  keeper.await<supervise::Done>();
  EXPECT_FALSE(is_running(sleeping("98762")));
}

TEST(KeeperTree, RemovesItsControlGroup) {
  DrivenKeeper keeper;
  keeper.give("started\noutput ready\nwait-cancel\nreport 0\n");
  keeper.await_output("ready");
  const auto lock = supervise::read_job_lock(keeper.directory()).value();
  if (lock.cgroup.empty()) GTEST_SKIP() << "no control group is delegated to this user";
  EXPECT_TRUE(process::Cgroup::open(lock.cgroup).value().is_populated().value());
  keeper.send(supervise::Cancel{});
  keeper.finish();
  EXPECT_FALSE(std::filesystem::exists(lock.cgroup));
}

}  // namespace
}  // namespace ostler::keeper
