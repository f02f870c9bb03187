// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::BuildState;
using model::JobState;
using model::RetryType;

class Retries : public StoreSuite {
 protected:
  model::Job job(std::string_view key) { return house_.job_of(build_, key); }
  void build(std::string_view yaml) { build_ = house_.create_build(yaml).build.id; }
  JobChange end(std::string_view key, int exit_status) {
    return house_.run_job(agent_, job(key).id, exit_status);
  }
  RetriedJob retry(JobId id) {
    return house_.get(
        house_.store().retry_job({.job = id, .by = house_.api().user.id, .now = house_.now()}));
  }
  Errc refusal(JobId id) {
    return house_.error_of(house_.store().retry_job({.job = id, .now = house_.now()}));
  }
  RetryProspect prospect(JobId id) { return house_.get(house_.store().retry_prospect(id)); }
  RetriedJobs retry_failed(std::vector<model::FailureKind> kinds = {}) {
    return house_.get(house_.store().retry_failed_jobs(
        {.build = build_, .kinds = std::move(kinds), .now = house_.now()}));
  }
  BuildState state() { return house_.state_of(build_); }
  std::vector<model::Job> attempts() {
    return house_.get(house_.store().jobs({.builds = {build_}}));
  }

  support::Worker agent_ = house_.connect_agent();
  BuildId build_;
};
INSTANTIATE_TEST_SUITE_P(Store, Retries, testing::ValuesIn(store_kinds()), name_of);

constexpr std::string_view kFlaky = R"(
steps:
  - {command: a, key: a, retry: {automatic: {exit_status: 7, limit: 2}}}
  - {command: b, key: b, depends_on: a}
)";

TEST_P(Retries, RunAJobAgainUntilItsRuleIsSpent) {
  build(kFlaky);
  const JobId first = job("a").id;
  const auto change = end("a", 7);
  EXPECT_EQ(change.state, JobState::Finished);
  const auto second = job("a");
  EXPECT_NE(second.id, first);
  EXPECT_EQ(change.follow_ups.runnable, std::vector{second.id});
  EXPECT_EQ(second.state, JobState::Scheduled);
  EXPECT_EQ(second.attempt.retries_count, 1);
  EXPECT_EQ(second.attempt.source, first);
  EXPECT_EQ(second.attempt.source_retry_type, RetryType::Automatic);
  EXPECT_EQ(state(), BuildState::Running);
  EXPECT_EQ(job("b").state, JobState::Waiting);
  end("a", 7);
  end("a", 7);
  EXPECT_EQ(job("a").attempt.retries_count, 2);
  EXPECT_EQ(job("b").state, JobState::WaitingFailed);
  EXPECT_EQ(state(), BuildState::Failed);
  const auto all = attempts();
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].attempt.retried_in, second.id);
  EXPECT_EQ(all[0].attempt.retry_type, RetryType::Automatic);
}

TEST_P(Retries, CountTheLastAttemptOnly) {
  build(kFlaky);
  end("a", 7);
  end("a", 0);
  EXPECT_EQ(job("b").state, JobState::Scheduled);
  end("b", 0);
  EXPECT_EQ(state(), BuildState::Passed);
  EXPECT_EQ(house_.get(house_.store().build(build_)).failing_at, std::nullopt);
}

TEST_P(Retries, AreNotForOtherStatusesAndNotForACancel) {
  build(kFlaky);
  end("a", 8);
  EXPECT_EQ(state(), BuildState::Failed);
  build(
      "steps: [{command: a, key: a, retry: {automatic: [{exit_status: -1}, {exit_status: '*'}]}}]");
  house_.accept(agent_, job("a").id);
  house_.get(house_.store().cancel_job({job("a").id, house_.now()}));
  house_.finish(agent_, job("a").id, -1);
  EXPECT_EQ(attempts().size(), 1u);
  EXPECT_EQ(state(), BuildState::Failed);
}

TEST_P(Retries, CountForEachRule) {
  build(R"(
steps:
  - command: a
    key: a
    retry: {automatic: [{exit_status: 1, limit: 1}, {exit_status: [2, 3], limit: 1}]}
)");
  for (const int status : {1, 2}) end("a", status);
  EXPECT_EQ(state(), BuildState::Running);
  end("a", 3);
  EXPECT_EQ(state(), BuildState::Failed);
  EXPECT_EQ(job("a").attempt.retries_count, 2);
}

TEST_P(Retries, AreForJobsOfLostAgentsAndForThoseThatNeverStarted) {
  build("steps: [{command: a, key: a, retry: {automatic: {exit_status: -1, limit: 2}}}]");
  house_.accept(agent_, job("a").id);
  house_.pass_awake(std::chrono::minutes(20));
  EXPECT_EQ(job("a").attempt.retries_count, 1);
  EXPECT_EQ(job("a").state, JobState::Scheduled);
  const auto other = house_.connect_agent({}, "other");
  house_.accept(other, job("a").id);
  house_.start(other, job("a").id);
  house_.pass_awake(std::chrono::minutes(30));
  EXPECT_EQ(job("a").attempt.retries_count, 2);
}

TEST_P(Retries, TellTheJobInItsEnvironment) {
  build(kFlaky);
  end("a", 7);
  model::Variables retry;
  for (const auto& variable : house_.accept(agent_, job("a").id).env) {
    if (variable.first.starts_with("BUILDKITE_RETRY_")) retry.push_back(variable);
  }
  EXPECT_EQ(retry, (model::Variables{{"BUILDKITE_RETRY_COUNT", "1"},
                                     {"BUILDKITE_RETRY_TYPE", "automatic"}}));
}

constexpr std::string_view kChain = R"(
steps:
  - {command: a, key: a}
  - {command: b, key: b}
  - wait
  - {command: c, key: c}
  - {command: d, key: d, depends_on: [{step: c, allow_failure: true}]}
  - {command: e, key: e, depends_on: c}
)";

TEST_P(Retries, ByHandLetABuildGoOnWithWhatWaited) {
  build(kChain);
  const JobId failed = job("a").id;
  end("a", 1);
  end("b", 0);
  end("d", 0);
  const auto before = house_.get(house_.store().build(build_));
  EXPECT_EQ(before.state, BuildState::Failed);
  house_.pass(std::chrono::hours(1));
  const auto retried = retry(failed);
  EXPECT_EQ(retried.job.state, JobState::Scheduled);
  EXPECT_EQ(retried.follow_ups.runnable, std::vector{retried.job.id});
  const auto reopened = house_.get(house_.store().build(build_));
  EXPECT_EQ(reopened.state, BuildState::Running);
  EXPECT_EQ(reopened.finished_at, std::nullopt);
  EXPECT_EQ(reopened.started_at, house_.now());
  EXPECT_EQ(reopened.failing_at, before.failing_at);
  EXPECT_EQ(job("c").state, JobState::Waiting);
  EXPECT_EQ(job("e").state, JobState::Waiting);
  EXPECT_EQ(job("d").state, JobState::Finished) << "it has run; it does not run twice";
  end("a", 0);
  EXPECT_EQ(job("c").state, JobState::Scheduled);
  end("c", 0);
  end("e", 0);
  EXPECT_EQ(state(), BuildState::Passed);
  const auto first = attempts().at(0);
  EXPECT_EQ(first.attempt.retry_type, RetryType::Manual);
  EXPECT_EQ(first.attempt.retried_by->id, house_.api().user.id);
}

TEST_P(Retries, ByHandLeaveWhatAnotherFailureHolds) {
  build(kChain);
  const JobId a = job("a").id;
  end("a", 1);
  const JobId b = job("b").id;
  end("b", 1);
  retry(a);
  EXPECT_EQ(state(), BuildState::Failing);
  EXPECT_EQ(job("c").state, JobState::WaitingFailed);
  end("a", 0);
  EXPECT_EQ(job("c").state, JobState::WaitingFailed);
  retry(b);
  EXPECT_EQ(job("c").state, JobState::Waiting);
  end("b", 0);
  EXPECT_EQ(job("c").state, JobState::Scheduled);
}

TEST_P(Retries, ByHandMayFailAgain) {
  build(kChain);
  end("b", 0);
  for (int i = 0; i < 3; ++i) {
    end("a", 1);
    EXPECT_EQ(job("c").state, JobState::WaitingFailed);
    retry(job("a").id);
    EXPECT_EQ(job("c").state, JobState::Waiting);
  }
  end("a", 0);
  EXPECT_EQ(job("c").state, JobState::Scheduled);
  EXPECT_EQ(job("a").attempt.retries_count, 3);
}

TEST_P(Retries, OfACanceledJobWaitForItsDependencies) {
  build(kFlaky);
  house_.get(house_.store().cancel_job({job("b").id, house_.now()}));
  const auto again = retry(job("b").id);
  EXPECT_EQ(again.job.state, JobState::Waiting);
  end("a", 0);
  EXPECT_EQ(job("b").state, JobState::Scheduled);
}

TEST_P(Retries, AreRefusedWithAReason) {
  build(R"(
steps:
  - {command: a, key: a}
  - {command: b, key: b, retry: {manual: {allowed: false, reason: it deploys}}}
  - {command: c, key: c, retry: {manual: {permit_on_passed: true}}}
  - wait
)");
  EXPECT_EQ(refusal(job("a").id), Errc::UserFault) << "not over";
  EXPECT_EQ(refusal(attempts().at(3).id), Errc::UserFault) << "a waiter";
  EXPECT_EQ(refusal(JobId::make()), Errc::NotFound);
  const JobId a = job("a").id;
  end("a", 0);
  EXPECT_EQ(refusal(a), Errc::UserFault) << "passed";
  end("c", 0);
  EXPECT_EQ(retry(job("c").id).job.attempt.retries_count, 1) << "passed, which is permitted";
  const JobId b = job("b").id;
  end("b", 1);
  const auto refused = house_.call(house_.store().retry_job({.job = b, .now = house_.now()}));
  EXPECT_EQ(refused.error().code(), Errc::Conflict);
  EXPECT_NE(refused.error().message().find("it deploys"), std::string::npos);
}

TEST_P(Retries, OfOneJobAreMadeOnce) {
  build(kChain);
  const JobId a = job("a").id;
  end("a", 1);
  retry(a);
  EXPECT_EQ(refusal(a), Errc::Conflict);
}

TEST_P(Retries, AreNotForCanceledBuilds) {
  build(kChain);
  const JobId a = job("a").id;
  end("a", 1);
  house_.get(house_.store().cancel_build({build_, "", house_.now()}));
  EXPECT_EQ(refusal(a), Errc::Conflict);
  EXPECT_EQ(house_.error_of(house_.store().retry_failed_jobs({.build = build_})), Errc::Conflict);
}

TEST_P(Retries, OfABuildAreOfAllThatFailedInTheKindsAskedFor) {
  build(kChain);
  end("a", 1);
  house_.get(house_.store().cancel_job({job("b").id, house_.now()}));
  EXPECT_EQ(retry_failed({model::FailureKind::TimedOut}).count, 0);
  EXPECT_EQ(retry_failed({model::FailureKind::Failed}).count, 1);
  const auto rest = retry_failed();
  EXPECT_EQ(rest.count, 1);
  EXPECT_EQ(rest.change.build.state, BuildState::Running);
  EXPECT_EQ(retry_failed().count, 0);
  EXPECT_EQ(job("c").state, JobState::Waiting);
}

TEST_P(Retries, LeaveOnlyTheLastAttemptInListsThatWantIt) {
  build(kFlaky);
  end("a", 7);
  EXPECT_EQ(attempts().size(), 3u);
  EXPECT_EQ(house_.get(house_.store().jobs({.builds = {build_}, .include_retried = false})).size(),
            2u);
}

TEST_P(Retries, OfAnUploaderHoldWhatWaitsForIt) {
  build(R"(
steps:
  - {command: up, key: up, retry: {automatic: true}}
  - wait
  - {command: z, key: z}
)");
  end("up", 1);
  const auto again = job("up");
  house_.accept(agent_, again.id);
  UploadPipeline upload{.agent = agent_.id, .job = again.id, .uuid = "u", .now = house_.now()};
  upload.definition.steps.resize(1);
  upload.definition.steps[0].key = "new";
  const auto applied = house_.get(house_.store().upload_pipeline(upload));
  EXPECT_EQ(applied.upload.message, "");
  house_.finish(agent_, again.id, 0);
  EXPECT_EQ(job("z").state, JobState::Waiting);
  end("new", 0);
  EXPECT_EQ(job("z").state, JobState::Scheduled);
}

TEST_P(Retries, LetGoOnWhatWaitedForAStepThatAnUploadReplaced) {
  build(R"(
steps:
  - {command: x, key: x}
  - {command: d, key: d, depends_on: [x, r]}
  - {command: up, key: up}
  - {command: r, key: r, depends_on: up}
)");
  end("x", 1);
  EXPECT_EQ(job("d").state, JobState::WaitingFailed);
  const auto uploader = job("up");
  house_.accept(agent_, uploader.id);
  UploadPipeline upload{.agent = agent_.id, .job = uploader.id, .uuid = "u", .now = house_.now()};
  upload.definition.steps.resize(1);
  upload.definition.steps[0].key = "new";
  upload.replace = true;
  EXPECT_EQ(house_.get(house_.store().upload_pipeline(upload)).upload.message, "");
  house_.finish(agent_, uploader.id, 0);
  retry(job("x").id);
  EXPECT_EQ(job("d").state, JobState::Waiting);
  end("x", 0);
  EXPECT_EQ(job("d").state, JobState::Scheduled) << "r is gone, and nobody waits for it";
  end("d", 0);
  end("new", 0);
  EXPECT_EQ(state(), BuildState::Passed);
}

TEST_P(Retries, KeepTheLogsOpenOfWhatTheyMayRevive) {
  build(R"(
steps:
  - {command: a, key: a}
  - {command: b, key: b, depends_on: a}
  - {command: c, key: c}
)");
  const JobId failed = job("a").id;
  const JobId waits = job("b").id;
  end("a", 1);
  EXPECT_EQ(job("b").state, JobState::WaitingFailed);
  EXPECT_FALSE(house_.get(house_.store().log_extent(waits)).complete);
  retry(failed);
  end("a", 1);
  const auto last = end("c", 0);
  EXPECT_EQ(state(), BuildState::Failed);
  EXPECT_TRUE(house_.get(house_.store().log_extent(waits)).complete);
  EXPECT_EQ(std::ranges::count(last.follow_ups.logs, waits), 1) << "who follows it hears its end";
}

TEST_P(Retries, AreSaidToBePossibleWhereTheyAre) {
  build("steps: [{command: a, key: a}, {command: b, key: b}]");
  const JobId first = job("a").id;
  EXPECT_EQ(prospect(first).chance, RetryChance::None) << "it is not over";
  end("a", 1);
  EXPECT_EQ(prospect(first).chance, RetryChance::Open);
  const JobId second = retry(first).job.id;
  EXPECT_EQ(prospect(first).chance, RetryChance::None) << "the newer one may be";
  end("a", 1);
  EXPECT_EQ(prospect(second).chance, RetryChance::Open);
  house_.get(house_.store().cancel_build({.build = build_, .now = house_.now()}));
  EXPECT_EQ(prospect(second).chance, RetryChance::None);
  EXPECT_EQ(house_.error_of(house_.store().retry_prospect(JobId::make())), Errc::NotFound);
}

TEST_P(Retries, AreSaidToBeForbiddenWhereOnlyTheStepDoesSo) {
  build(
      "steps: [{command: a, key: a, retry: {manual: {allowed: false, reason: why}}}, "
      "{command: b, key: b}]");
  const JobId id = job("a").id;
  EXPECT_EQ(prospect(id).chance, RetryChance::None) << "it is not over";
  end("a", 1);
  EXPECT_EQ(prospect(id).chance, RetryChance::Forbidden);
  EXPECT_EQ(prospect(id).reason, "why");
  house_.get(house_.store().cancel_build({.build = build_, .now = house_.now()}));
  EXPECT_EQ(prospect(id).chance, RetryChance::None);
}

}  // namespace
}  // namespace ostler::store
