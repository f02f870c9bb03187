// SPDX-License-Identifier: Apache-2.0
#include "model/build_state.hpp"

#include <gtest/gtest.h>

namespace ostler::model {
namespace {

struct BuildCase {
  JobCounts counts;  // open, with agent, executed, hard failed, waiting, blocked
  bool cancel_requested;
  BuildState expected;
};

TEST(BuildState, FollowsFromTheCountsOfItsJobs) {
  const BuildCase cases[] = {
      {{3, 0, 0, 0}, false, BuildState::Scheduled},
      {{3, 1, 0, 0}, false, BuildState::Scheduled},
      {{3, 1, 1, 0}, false, BuildState::Running},
      {{2, 0, 1, 0}, false, BuildState::Running},
      {{2, 1, 2, 1}, false, BuildState::Failing},
      {{0, 0, 3, 1}, false, BuildState::Failed},
      {{0, 0, 0, 1}, false, BuildState::Failed},
      {{0, 0, 3, 0}, false, BuildState::Passed},
      {{0, 0, 0, 0}, false, BuildState::NotRun},
      {{1, 1, 1, 0}, true, BuildState::Canceling},
      {{1, 1, 1, 2}, true, BuildState::Canceling},
      {{0, 0, 3, 1}, true, BuildState::Canceled},
      {{0, 0, 3, 0}, true, BuildState::Canceled},
      // A gate waits for a person; and all else for it, or something goes on beside it.
      {{0, 0, 0, 0, 0, 1}, false, BuildState::Blocked},
      {{2, 0, 1, 0, 2, 1}, false, BuildState::Blocked},
      {{2, 0, 1, 1, 2, 1}, false, BuildState::Blocked},
      {{2, 0, 1, 0, 1, 1}, false, BuildState::Running},
      {{2, 1, 2, 1, 1, 1}, false, BuildState::Failing},
      {{2, 0, 1, 0, 2, 0}, false, BuildState::Running},
      {{2, 0, 1, 0, 2, 1}, true, BuildState::Canceling},
  };
  for (const auto& [counts, cancel_requested, expected] : cases) {
    EXPECT_EQ(derive_build_state(counts, cancel_requested), expected)
        << counts.open << " open, " << counts.executed << " executed, " << counts.hard_failed
        << " failed, cancel " << cancel_requested;
  }
}

TEST(BuildState, IsAtRestWhenItIsOverOrWaitsForAPerson) {
  EXPECT_TRUE(is_at_rest(BuildState::Blocked));
  EXPECT_FALSE(is_terminal(BuildState::Blocked));
  EXPECT_TRUE(is_at_rest(BuildState::Passed));
  EXPECT_FALSE(is_at_rest(BuildState::Running));
}

TEST(BuildState, CountsJobsByWhereTheyStand) {
  using enum StepKind;
  EXPECT_EQ(standing_of(Command, JobState::Waiting), (JobCounts{.open = 1, .waiting = 1}));
  EXPECT_EQ(standing_of(Command, JobState::Scheduled), JobCounts{.open = 1});
  EXPECT_EQ(standing_of(Command, JobState::Running), (JobCounts{.open = 1, .with_agent = 1}));
  EXPECT_EQ(standing_of(Command, JobState::Finished), JobCounts());
  EXPECT_EQ(standing_of(Wait, JobState::Waiting), JobCounts());
  EXPECT_EQ(standing_of(Block, JobState::Waiting), JobCounts());
  EXPECT_EQ(standing_of(Block, JobState::Blocked), JobCounts{.blocked = 1});
  EXPECT_EQ(standing_of(Input, JobState::Blocked), JobCounts{.blocked = 1});
  EXPECT_EQ(standing_of(Input, JobState::Unblocked), JobCounts());
}

TEST(BuildState, IsOverWhenNothingIsOpen) {
  for (const bool cancel_requested : {false, true}) {
    EXPECT_TRUE(is_terminal(derive_build_state({0, 0, 1, 0}, cancel_requested)));
    EXPECT_FALSE(is_terminal(derive_build_state({1, 0, 1, 0}, cancel_requested)));
  }
}

}  // namespace
}  // namespace ostler::model
