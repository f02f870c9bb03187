// SPDX-License-Identifier: Apache-2.0
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::BuildState;
using model::JobState;

class Concurrency : public StoreSuite {
 protected:
  BuildId build(std::string_view yaml) {
    house_.pass(std::chrono::seconds(1));
    return house_.create_build(yaml).build.id;
  }
  JobState state(BuildId build, std::string_view key) { return house_.job_of(build, key).state; }
  JobChange end(BuildId build, std::string_view key, int exit_status = 0) {
    return house_.run_job(agent_, house_.job_of(build, key).id, exit_status);
  }
  std::optional<GroupStanding> standing(BuildId build, std::string_view key) {
    return house_.get(house_.store().group_standing(house_.job_of(build, key).id));
  }

  support::Worker agent_ = house_.connect_agent();
};
INSTANTIATE_TEST_SUITE_P(Store, Concurrency, testing::ValuesIn(store_kinds()), name_of);

constexpr std::string_view kDeploy = R"(
steps:
  - {command: d, key: d, concurrency: 1, concurrency_group: app/deploy}
)";

TEST_P(Concurrency, LetsAsManyJobsInAsTheirLimitSays) {
  constexpr std::string_view kTwoAtOnce = R"(
steps:
  - {command: a, key: a, concurrency: 2, concurrency_group: g}
  - {command: b, key: b, concurrency: 2, concurrency_group: g}
  - {command: c, key: c, concurrency: 2, concurrency_group: g}
  - {command: other, key: other, concurrency: 1, concurrency_group: h}
)";
  const auto one = build(kTwoAtOnce);
  EXPECT_EQ(state(one, "a"), JobState::Scheduled);
  EXPECT_EQ(state(one, "b"), JobState::Scheduled);
  EXPECT_EQ(state(one, "c"), JobState::Limited);
  EXPECT_EQ(state(one, "other"), JobState::Scheduled);
  const auto change = end(one, "b");
  EXPECT_EQ(change.follow_ups.runnable, std::vector{house_.job_of(one, "c").id});
  EXPECT_EQ(state(one, "c"), JobState::Scheduled);
}

TEST_P(Concurrency, MeasuresHowLongAJobWasHeldBack) {
  const auto one = build(kDeploy);
  const auto two = build(kDeploy);
  EXPECT_EQ(house_.job_of(one, "d").limited_at, house_.job_of(one, "d").runnable_at);
  EXPECT_EQ(house_.job_of(two, "d").runnable_at, std::nullopt);
  house_.pass(std::chrono::minutes(5));
  end(one, "d");
  const auto job = house_.job_of(two, "d");
  EXPECT_EQ(*job.runnable_at - *job.limited_at, std::chrono::minutes(5));
}

TEST_P(Concurrency, IsNotLeftByAcceptNorByStartNorByACancelThatAnAgentHasStillToObey) {
  const auto one = build(kDeploy);
  const auto two = build(kDeploy);
  const JobId job = house_.job_of(one, "d").id;
  house_.accept(agent_, job);
  EXPECT_EQ(state(two, "d"), JobState::Limited);
  house_.start(agent_, job);
  EXPECT_EQ(state(two, "d"), JobState::Limited);
  house_.get(house_.store().cancel_job({job, house_.now()}));
  EXPECT_EQ(state(two, "d"), JobState::Limited);
  house_.finish(agent_, job, -1);
  EXPECT_EQ(state(two, "d"), JobState::Scheduled);
}

TEST_P(Concurrency, IsLeftByEveryEnd) {
  const auto holder = [&](BuildId build) { return house_.job_of(build, "d").id; };
  auto before = build(kDeploy);
  const auto expect_next = [&](const char* what, const std::function<void(JobId)>& end) {
    const auto next = build(kDeploy);
    ASSERT_EQ(state(next, "d"), JobState::Limited) << what;
    end(holder(before));
    EXPECT_EQ(state(next, "d"), JobState::Scheduled) << what;
    before = next;
  };
  expect_next("a cancel before an agent took it",
              [&](JobId job) { house_.get(house_.store().cancel_job({job, house_.now()})); });
  expect_next("the cancel of the build", [&](JobId job) {
    house_.get(house_.store().cancel_build(
        {house_.get(house_.store().job(job)).step.build, "", house_.now()}));
  });
  expect_next("a failure", [&](JobId job) { house_.run_job(agent_, job, 1); });
  expect_next("a lost agent", [&](JobId job) {
    house_.accept(house_.connect_agent({}, "lost"), job);
    house_.pass_awake(std::chrono::minutes(20));
  });
  agent_ = house_.connect_agent({}, "later");
  expect_next("no agent in time", [&](JobId) {
    house_.pass(std::chrono::hours(24 * 31));
    house_.sweep();
  });
}

TEST_P(Concurrency, GivesASlotBackToTheAutomaticRetryOfAnOldJobFirst) {
  constexpr std::string_view kFlaky = R"(
steps:
  - {command: d, key: d, concurrency: 1, concurrency_group: g, retry: {automatic: {limit: 1}}}
)";
  const auto one = build(kFlaky);
  const auto two = build(kFlaky);
  end(one, "d", 1);
  EXPECT_EQ(house_.job_of(one, "d").attempt.retries_count, 1);
  EXPECT_EQ(state(one, "d"), JobState::Scheduled);
  EXPECT_EQ(state(two, "d"), JobState::Limited);
  end(one, "d", 1);
  EXPECT_EQ(state(two, "d"), JobState::Scheduled);
}

TEST_P(Concurrency, HoldsAJobBackThatIsRetriedByHand) {
  const auto one = build(kDeploy);
  const auto two = build(kDeploy);
  const auto failed = house_.job_of(one, "d").id;
  end(one, "d", 1);
  const auto again = house_.get(house_.store().retry_job({.job = failed, .now = house_.now()}));
  EXPECT_EQ(again.job.state, JobState::Limited);
  const auto three = build(kDeploy);
  end(two, "d");
  EXPECT_EQ(state(one, "d"), JobState::Scheduled) << "it is older than the third";
  EXPECT_EQ(state(three, "d"), JobState::Limited);
}

constexpr std::string_view kTestThenDeploy = R"(
steps:
  - {command: t, key: t}
  - wait
  - {command: d, key: d, concurrency: 1, concurrency_group: deploy}
)";

TEST_P(Concurrency, InOrderWaitsForOlderBuildsThatAreNotThatFar) {
  const auto one = build(kTestThenDeploy);
  const auto two = build(kTestThenDeploy);
  end(two, "t");
  EXPECT_EQ(state(two, "d"), JobState::Limited);
  end(one, "t");
  EXPECT_EQ(state(one, "d"), JobState::Scheduled);
  EXPECT_EQ(state(two, "d"), JobState::Limited);
  end(one, "d");
  EXPECT_EQ(state(two, "d"), JobState::Scheduled);
}

TEST_P(Concurrency, InOrderGoesOnWhenAnOlderBuildNeverGetsThatFar) {
  const auto one = build(kTestThenDeploy);
  const auto two = build(kTestThenDeploy);
  end(two, "t");
  end(one, "t", 1);
  EXPECT_EQ(state(one, "d"), JobState::WaitingFailed);
  EXPECT_EQ(state(two, "d"), JobState::Scheduled);
}

TEST_P(Concurrency, OfASectionLetsOneBuildInAtATime) {
  constexpr std::string_view kSection = R"(
steps:
  - {command: open, key: open, concurrency: 1, concurrency_group: gate}
  - wait
  - {command: work, key: work}
  - wait
  - {command: close, key: close, concurrency: 1, concurrency_group: gate}
)";
  const auto one = build(kSection);
  const auto two = build(kSection);
  end(one, "open");
  EXPECT_EQ(state(two, "open"), JobState::Limited);
  end(one, "work");
  EXPECT_EQ(state(two, "open"), JobState::Limited);
  end(one, "close");
  EXPECT_EQ(state(two, "open"), JobState::Scheduled);
}

TEST_P(Concurrency, DoesNotWaitForJobsThatAPersonHasStillToLetOn) {
  constexpr std::string_view kGated = R"(
steps:
  - {command: t, key: t}
  - {block: "Deploy?", key: gate}
  - {command: d, key: d, concurrency: 1, concurrency_group: deploy}
)";
  const auto one = build(kGated);
  const auto two = build(kGated);
  const auto unblock = [&](BuildId build) {
    const auto change = house_.get(
        house_.store().unblock_job({.job = house_.job_of(build, "gate").id, .now = house_.now()}));
    return change.follow_ups.runnable;
  };
  end(one, "t");
  end(two, "t");
  EXPECT_EQ(unblock(two), std::vector{house_.job_of(two, "d").id});
  EXPECT_TRUE(unblock(one).empty());
  EXPECT_EQ(state(one, "d"), JobState::Limited);
  const auto three = build(kTestThenDeploy);
  end(three, "t");
  end(two, "d");
  EXPECT_EQ(state(one, "d"), JobState::Scheduled) << "its age is that of its build";
  EXPECT_EQ(state(three, "d"), JobState::Limited);
}

TEST_P(Concurrency, WithinABuildDoesNotWaitForAStepThatWaitsItself) {
  const auto one = build(R"(
steps:
  - {command: a, key: a, depends_on: b, concurrency: 1, concurrency_group: g}
  - {command: b, key: b, concurrency: 1, concurrency_group: g}
)");
  EXPECT_EQ(state(one, "b"), JobState::Scheduled);
  end(one, "b");
  EXPECT_EQ(state(one, "a"), JobState::Scheduled);
}

TEST_P(Concurrency, EagerlyLetsInWhatIsReadyByPriority) {
  const auto pipeline = [](int priority) {
    return "steps:\n  - {command: t, key: t}\n  - {command: d, key: d, depends_on: t, priority: " +
           std::to_string(priority) +
           ", concurrency: 1, concurrency_group: e, concurrency_method: eager}\n";
  };
  const auto one = build(pipeline(0));
  const auto two = build(pipeline(0));
  const auto three = build(pipeline(5));
  end(two, "t");
  EXPECT_EQ(state(two, "d"), JobState::Scheduled) << "nobody older is ready";
  end(one, "t");
  end(three, "t");
  EXPECT_EQ(state(one, "d"), JobState::Limited);
  end(two, "d");
  EXPECT_EQ(state(three, "d"), JobState::Scheduled);
  EXPECT_EQ(state(one, "d"), JobState::Limited);
  end(three, "d");
  EXPECT_EQ(state(one, "d"), JobState::Scheduled);
}

TEST_P(Concurrency, EagerlyLetsSeveralInByTheirOwnLimits) {
  const auto step = [](const char* key, int limit) {
    return std::string("  - {command: x, key: ") + key +
           ", depends_on: t, concurrency_method: eager, concurrency_group: g, concurrency: " +
           std::to_string(limit) + "}\n";
  };
  const auto one = build("steps:\n  - {command: t, key: t}\n" + step("a", 1) + step("b", 1) +
                         step("c", 3) + step("d", 3));
  end(one, "t");
  EXPECT_EQ(state(one, "a"), JobState::Scheduled);
  EXPECT_EQ(state(one, "b"), JobState::Limited);
  EXPECT_EQ(state(one, "c"), JobState::Scheduled);
  EXPECT_EQ(state(one, "d"), JobState::Scheduled);
}

TEST_P(Concurrency, HoldsEachJobToItsOwnLimit) {
  constexpr std::string_view kNarrow =
      "steps: [{command: d, key: d, concurrency: 1, concurrency_group: g}]";
  constexpr std::string_view kWide =
      "steps: [{command: d, key: d, concurrency: 3, concurrency_group: g}]";
  const auto one = build(kNarrow);
  const auto two = build(kNarrow);
  const auto three = build(kWide);
  const auto four = build(kWide);
  EXPECT_EQ(state(two, "d"), JobState::Limited);
  EXPECT_EQ(state(three, "d"), JobState::Scheduled) << "one holder and one before it";
  EXPECT_EQ(state(four, "d"), JobState::Limited);
  end(one, "d");
  EXPECT_EQ(state(two, "d"), JobState::Limited);
  EXPECT_EQ(state(four, "d"), JobState::Scheduled);
  end(three, "d");
  EXPECT_EQ(state(two, "d"), JobState::Limited);
  end(four, "d");
  EXPECT_EQ(state(two, "d"), JobState::Scheduled);
}

TEST_P(Concurrency, NamesWhoIsInTheWay) {
  const auto one = build(kTestThenDeploy);
  const auto two = build(kTestThenDeploy);
  EXPECT_EQ(standing(two, "d"), std::nullopt) << "it waits for its own build";
  end(two, "t");
  auto found = *standing(two, "d");
  EXPECT_EQ(found.terms, (model::Concurrency{.group = "deploy", .limit = 1}));
  EXPECT_EQ(found.held, 0);
  ASSERT_EQ(found.ahead.size(), 1u);
  EXPECT_EQ(found.ahead[0].id, house_.job_of(one, "d").id);
  end(one, "t");
  found = *standing(two, "d");
  EXPECT_EQ(found.held, 1);
  ASSERT_EQ(found.holders.size(), 1u);
  EXPECT_EQ(found.holders[0].id, house_.job_of(one, "d").id);
  EXPECT_EQ(found.ahead_count, 0);
}

TEST_P(Concurrency, IsLeftByWhatAnUploadReplaces) {
  const auto one = build(R"(
steps:
  - {command: up, key: up}
  - {command: d, key: d, depends_on: [], concurrency: 1, concurrency_group: g}
)");
  const auto two = build("steps: [{command: d, key: d, concurrency: 1, concurrency_group: g}]");
  const JobId up = house_.job_of(one, "up").id;
  house_.accept(agent_, up);
  house_.start(agent_, up);
  const auto upload = house_.get(house_.store().upload_pipeline(
      {.agent = agent_.id, .job = up, .uuid = "u", .replace = true, .now = house_.now()}));
  EXPECT_EQ(upload.upload.state, model::PipelineUploadState::Applied) << upload.upload.message;
  EXPECT_EQ(state(two, "d"), JobState::Scheduled);
}

TEST_P(Concurrency, GivesUploadedJobsTheAgeOfTheirBuild) {
  const auto one = build("steps: [{command: up, key: up}]");
  const auto two = build(kTestThenDeploy);
  const auto holder = build("steps: [{command: h, key: h, concurrency: 1, concurrency_group: x}]");
  end(two, "t");
  EXPECT_EQ(state(two, "d"), JobState::Scheduled);
  const auto three = build(kTestThenDeploy);
  end(three, "t");
  const JobId up = house_.job_of(one, "up").id;
  house_.accept(agent_, up);
  house_.start(agent_, up);
  model::PipelineDefinition definition;
  definition.steps.resize(1);
  definition.steps[0].key = "late";
  definition.steps[0].command = "late";
  definition.steps[0].concurrency = model::Concurrency{.group = "deploy", .limit = 1};
  house_.get(house_.store().upload_pipeline(
      {.agent = agent_.id, .job = up, .uuid = "u", .definition = definition, .now = house_.now()}));
  house_.finish(agent_, up);
  end(two, "d");
  EXPECT_EQ(state(one, "late"), JobState::Scheduled);
  EXPECT_EQ(state(three, "d"), JobState::Limited);
  EXPECT_EQ(state(holder, "h"), JobState::Scheduled);
}

}  // namespace
}  // namespace ostler::store
