// SPDX-License-Identifier: Apache-2.0
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::BuildState;
using model::JobState;

/// What a build does that turns failing.
class FailingBuild : public StoreSuite {
 protected:
  void build(std::string_view yaml) { build_ = house_.create_build(yaml).build.id; }
  model::Job job(std::string_view key) { return house_.job_of(build_, key); }
  JobState state(std::string_view key) { return job(key).state; }
  JobChange end(std::string_view key, int exit_status) {
    return house_.run_job(agent_, job(key).id, exit_status);
  }

  support::Worker agent_ = house_.connect_agent();
  BuildId build_;
};
INSTANTIATE_TEST_SUITE_P(Store, FailingBuild, testing::ValuesIn(store_kinds()), name_of);

constexpr std::string_view kSteps = R"(
steps:
  - {command: a, key: a}
  - {command: running, key: running, cancel_on_build_failing: true}
  - {command: ready, key: ready, cancel_on_build_failing: true}
  - {command: waiting, key: waiting, depends_on: stays, cancel_on_build_failing: true}
  - {command: after, key: after, depends_on: ready}
  - {command: stays, key: stays}
)";

TEST_P(FailingBuild, CancelsTheStepsThatAreNotToGoOn) {
  build(kSteps);
  const auto other = house_.connect_agent({}, "other");
  house_.accept(other, job("running").id);
  house_.start(other, job("running").id);
  const auto change = end("a", 1);
  EXPECT_EQ(change.follow_ups.canceling, std::vector{job("running").id});
  EXPECT_EQ(state("running"), JobState::Canceling);
  EXPECT_EQ(state("ready"), JobState::Canceled);
  EXPECT_EQ(state("waiting"), JobState::Canceled);
  EXPECT_EQ(state("after"), JobState::WaitingFailed);
  EXPECT_EQ(state("stays"), JobState::Scheduled);
  EXPECT_EQ(house_.state_of(build_), BuildState::Failing);
  house_.finish(other, job("running").id, -1);
  end("stays", 0);
  EXPECT_EQ(house_.state_of(build_), BuildState::Failed);
}

TEST_P(FailingBuild, IsNoneWhileAFailureIsSoftOrRunsAgain) {
  build(R"(
steps:
  - {command: a, key: a, soft_fail: true}
  - {command: b, key: b, retry: {automatic: {limit: 1}}}
  - {command: c, key: c, cancel_on_build_failing: true}
)");
  end("a", 1);
  end("b", 1);
  EXPECT_EQ(state("c"), JobState::Scheduled);
  end("b", 1);
  EXPECT_EQ(state("c"), JobState::Canceled);
}

TEST_P(FailingBuild, LetsAPersonRetryWhatItCanceled) {
  build(kSteps);
  end("a", 1);
  const JobId canceled = job("ready").id;
  house_.get(house_.store().retry_job({.job = canceled, .now = house_.now()}));
  EXPECT_EQ(state("ready"), JobState::Scheduled);
  end("ready", 0);
  EXPECT_EQ(state("after"), JobState::Scheduled);
}

}  // namespace
}  // namespace ostler::store
