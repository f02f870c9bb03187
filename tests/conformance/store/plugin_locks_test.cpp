// SPDX-License-Identifier: Apache-2.0
#include "store/plugin_locks.hpp"

#include <gmock/gmock.h>

#include "store/plugin_records.hpp"
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class PluginLockSuite : public StoreSuite {
 protected:
  struct Runner {
    support::Worker agent;
    JobId job;
  };
  Runner runner() {
    const JobId job = house_.create_build("steps: [{command: a}]").follow_ups.runnable.front();
    const auto agent = house_.connect_agent();
    house_.accept(agent, job);
    return {agent, job};
  }
  PluginRecords& records() { return house_.store().plugin_records(); }
  LockStanding take(JobId job, const std::string& name = "deploy", std::string request = "r") {
    return house_.get(records().take_lock({{job, std::move(request)}, name, house_.now()}));
  }
  Errc refused(JobId job, const std::string& name, std::string request) {
    return house_.error_of(records().take_lock({{job, std::move(request)}, name, house_.now()}));
  }
  std::vector<JobId> leave(JobId job, std::string request = "r") {
    return house_.get(records().leave_lock({{job, std::move(request)}, house_.now()}));
  }
  LockStanding standing(JobId job, std::string request = "r") {
    return house_.get(records().lock_standing({job, std::move(request)}));
  }
};
class PluginLocks : public PluginLockSuite {};
INSTANTIATE_TEST_SUITE_P(Store, PluginLocks, testing::ValuesIn(store_kinds()), name_of);

TEST_P(PluginLocks, AreHandedOnInTheOrderInWhichJobsCame) {
  const JobId first = runner().job;
  const JobId second = runner().job;
  const JobId third = runner().job;
  const auto fence = take(first).fence;
  ASSERT_TRUE(fence);
  const auto waits = take(second);
  EXPECT_FALSE(waits.fence);
  EXPECT_EQ(waits.holder, first);
  EXPECT_EQ(waits.ahead, 0);
  EXPECT_EQ(take(third).ahead, 1);
  EXPECT_TRUE(take(third, "another", "other").fence) << "locks have names";
  EXPECT_THAT(leave(first), ElementsAre(second));
  EXPECT_THAT(leave(second), ElementsAre(third));
}

TEST_P(PluginLocks, GrowTheirFencingNumber) {
  const JobId first = runner().job;
  const JobId second = runner().job;
  const auto fence = take(first).fence;
  EXPECT_EQ(take(first).fence, fence) << "a repeat";
  take(second);
  EXPECT_THAT(leave(first), ElementsAre(second));
  const auto next = standing(second).fence;
  EXPECT_GT(next, fence);
  EXPECT_THAT(leave(second), IsEmpty());
  EXPECT_GT(take(first, "deploy", "again").fence, next);
}

TEST_P(PluginLocks, AreFreedWithTheJobThatHoldsThem) {
  const Runner holder = runner();
  const JobId second = runner().job;
  take(holder.job);
  take(second);
  const auto change = house_.finish(holder.agent, holder.job);
  EXPECT_THAT(change.follow_ups.canceling, Contains(second)) << "who is to look again";
  EXPECT_TRUE(standing(second).fence);
  EXPECT_EQ(refused(holder.job, "deploy", "late"), Errc::NotFound) << "the job is over";
}

TEST_P(PluginLocks, GoToNobodyWhoseJobIsOver) {
  const JobId holder = runner().job;
  const Runner gone = runner();
  const JobId third = runner().job;
  take(holder);
  take(gone.job);
  take(third);
  house_.finish(gone.agent, gone.job);
  EXPECT_EQ(standing(third).ahead, 0);
  EXPECT_THAT(leave(holder), ElementsAre(third));
}

TEST_P(PluginLocks, AreFreedWhenTheAgentIsLost) {
  const JobId holder = runner().job;
  take(holder);
  house_.pass_awake(std::chrono::minutes(30));
  EXPECT_TRUE(model::is_terminal(house_.get(house_.store().job_state(holder))));
  EXPECT_TRUE(take(runner().job).fence);
}

TEST_P(PluginLocks, StayWithAJobThatIsBeingStopped) {
  const Runner holder = runner();
  const JobId second = runner().job;
  take(holder.job);
  take(second);
  house_.start(holder.agent, holder.job);
  house_.get(house_.store().cancel_job({.job = holder.job, .now = house_.now()}));
  EXPECT_FALSE(standing(second).fence) << "it may still be at work";
  house_.finish(holder.agent, holder.job, -1);
  EXPECT_TRUE(standing(second).fence);
}

TEST_P(PluginLocks, AreRefusedToAJobThatHasThemOrWaitsForThem) {
  const JobId holder = runner().job;
  const JobId second = runner().job;
  take(holder);
  take(second);
  EXPECT_EQ(refused(holder, "deploy", "again"), Errc::Conflict);
  EXPECT_EQ(refused(second, "deploy", "again"), Errc::Conflict);
}

TEST_P(PluginLocks, ComeToNothingOnceGivenUpHoweverLateTheWishArrives) {
  const JobId holder = runner().job;
  const JobId second = runner().job;
  take(holder);
  take(second);
  EXPECT_THAT(leave(second), IsEmpty());
  EXPECT_EQ(house_.error_of(records().lock_standing({second, "r"})), Errc::NotFound);
  EXPECT_EQ(refused(second, "deploy", "r"), Errc::NotFound);
  EXPECT_THAT(leave(second, "never came"), IsEmpty());
  EXPECT_EQ(refused(second, "deploy", "never came"), Errc::NotFound);
  EXPECT_THAT(leave(holder), IsEmpty()) << "nobody waits";
  EXPECT_TRUE(take(second, "deploy", "new").fence);
}

TEST_P(PluginLocks, AreBoundedForAJob) {
  const JobId job = runner().job;
  for (int i = 0; i < kMostLocksOfJob; ++i) take(job, std::to_string(i), std::to_string(i));
  EXPECT_EQ(refused(job, "more", "more"), Errc::UserFault);
  leave(job, "0");
  EXPECT_TRUE(take(job, "more", "more").fence);
}

TEST_P(PluginLocks, AreBoundedForAJobThatGivesUpWhatItNeverWished) {
  const JobId job = runner().job;
  take(job);
  for (int i = 1; i < kMostLockWishes; ++i) leave(job, std::to_string(i));
  const auto give_up = [&] {
    return house_.call(records().leave_lock({{job, "more"}, house_.now()}));
  };
  EXPECT_EQ(give_up().error().code(), Errc::UserFault);
  EXPECT_THAT(leave(job), IsEmpty()) << "what it has can be given back";
  house_.pass(std::chrono::minutes(11));
  EXPECT_TRUE(give_up());
}

TEST_P(PluginLocks, OutliveTheHub) {
  const JobId holder = runner().job;
  const JobId second = runner().job;
  const auto fence = take(holder).fence;
  take(second);
  house_.reopen();
  EXPECT_EQ(standing(holder).fence, fence);
  EXPECT_EQ(standing(second).holder, holder);
}

}  // namespace
}  // namespace ostler::store
