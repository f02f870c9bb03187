// SPDX-License-Identifier: Apache-2.0
#include "model/dependency.hpp"

#include <gtest/gtest.h>

namespace ostler::model {
namespace {

struct DependencyCase {
  JobState state;
  std::optional<int> exit_status;
  bool met;
  bool met_where_failure_is_allowed;
  bool hard_failure;
};

TEST(Dependency, IsMetAsTheReferenceSays) {
  const DependencyCase cases[] = {
      {JobState::Finished, 0, true, true, false},
      {JobState::Finished, std::nullopt, true, true, false},  // a waiter
      {JobState::Finished, 1, false, true, true},
      {JobState::Finished, -1, false, true, true},
      {JobState::TimedOut, 2, false, true, true},
      {JobState::WaitingFailed, std::nullopt, false, true, false},
      {JobState::Canceled, std::nullopt, false, false, true},
      {JobState::Canceled, 0, false, false, true},
      {JobState::Expired, std::nullopt, false, false, true},
  };
  for (const auto& test : cases) {
    const auto result = dependency_result(test.state, test.exit_status);
    EXPECT_EQ(is_met(result, false), test.met) << to_string(test.state);
    EXPECT_EQ(is_met(result, true), test.met_where_failure_is_allowed) << to_string(test.state);
    EXPECT_EQ(is_hard_failure(test.state, test.exit_status), test.hard_failure)
        << to_string(test.state);
  }
}

TEST(Dependency, IsMetBySoftFailuresAndByWhatIsNotToRun) {
  EXPECT_EQ(dependency_result(JobState::Finished, 1, true), DependencyResult::Met);
  EXPECT_EQ(dependency_result(JobState::Broken, {}), DependencyResult::Met);
  EXPECT_EQ(dependency_result(JobState::Canceled, -1, true), DependencyResult::Barred);
  EXPECT_FALSE(is_hard_failure(JobState::Finished, 1, true));
  EXPECT_FALSE(is_hard_failure(JobState::Canceled, -1, true));
  EXPECT_FALSE(is_hard_failure(JobState::Broken, {}));
}

}  // namespace
}  // namespace ostler::model
