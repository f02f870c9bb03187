// SPDX-License-Identifier: Apache-2.0
// What people order about jobs and pipelines.
#include <gmock/gmock.h>

#include "store_suite.hpp"

namespace ostler::store {
namespace {

using testing::ElementsAre;

class PersonOrders : public StoreSuite {
 protected:
  std::vector<std::string> blockers(BuildId build, std::string_view step) {
    std::vector<std::string> names;
    const auto job = house_.job_of(build, step).id;
    for (const auto& blocker : house_.get(house_.store().blockers(job))) {
      names.push_back(blocker.step.key);
    }
    return names;
  }
  support::Worker agent_ = house_.connect_agent();
};
INSTANTIATE_TEST_SUITE_P(Store, PersonOrders, testing::ValuesIn(store_kinds()), name_of);

TEST_P(PersonOrders, NameTheStepsThatAJobWaitsFor) {
  const auto build = house_
                         .create_build(
                             "steps:\n- {command: a, key: a}\n- {command: b, key: b}\n"
                             "- {command: c, key: c, depends_on: [a, b]}\n"
                             "- command: d\n  key: d\n  depends_on: "
                             "[{step: a, allow_failure: true}]\n")
                         .build.id;
  EXPECT_THAT(blockers(build, "c"), ElementsAre("a", "b"));
  EXPECT_THAT(blockers(build, "a"), ElementsAre());
  house_.run_job(agent_, house_.job_of(build, "a").id, 1);
  EXPECT_THAT(blockers(build, "c"), ElementsAre("a", "b")) << "a failure holds it for ever";
  EXPECT_THAT(blockers(build, "d"), ElementsAre()) << "but not where it is allowed";
  EXPECT_EQ(house_.error_of(house_.store().blockers(JobId::make())), Errc::NotFound);
}

TEST_P(PersonOrders, EmptyTheLogOfAJobThatIsOver) {
  const JobId job = house_.create_build("steps: [{command: a}]").follow_ups.runnable.front();
  house_.accept(agent_, job);
  house_.start(agent_, job);
  house_.get(house_.store().append_chunk(house_.chunk(agent_, job, 1, 0, "one\n")));
  EXPECT_EQ(house_.error_of(house_.store().remove_log({job})), Errc::Conflict);
  house_.finish(agent_, job);
  EXPECT_FALSE(house_.get(house_.store().remove_log({job})).more);
  EXPECT_EQ(house_.log_of(job), "");
  EXPECT_TRUE(house_.get(house_.store().log_extent(job)).complete);
  const auto blobs = house_.get(house_.store().removed_blobs(std::nullopt, 10));
  ASSERT_EQ(blobs.size(), 1u);
  EXPECT_EQ(blobs[0].id, job.uuid);
  EXPECT_EQ(house_.error_of(house_.store().append_chunk(house_.chunk(agent_, job, 2, 4, "two\n"))),
            Errc::Conflict)
      << "nothing late comes back into it";
  EXPECT_EQ(house_.error_of(house_.store().remove_log({JobId::make()})), Errc::NotFound);
}

TEST_P(PersonOrders, ReadALogAsEmptyFromTheFirstSliceOn) {
  const JobId job = house_.create_build("steps: [{command: a}]").follow_ups.runnable.front();
  house_.accept(agent_, job);
  house_.start(agent_, job);
  for (int i = 0; i < 120; ++i) {
    house_.get(house_.store().append_chunk(house_.chunk(agent_, job, i + 1, i, "x")));
  }
  house_.finish(agent_, job);
  EXPECT_TRUE(house_.get(house_.store().remove_log({job, std::chrono::microseconds(0)})).more);
  EXPECT_EQ(house_.log_of(job), "");
  while (house_.get(house_.store().remove_log({job})).more) continue;
  EXPECT_EQ(house_.log_of(job), "");
}

TEST_P(PersonOrders, MoveAJobThatWaitsForAnAgent) {
  const JobId job = house_.create_build("steps: [{command: a}]").follow_ups.runnable.front();
  const auto moved = house_.get(house_.store().reprioritize_job({job, -3}));
  EXPECT_THAT(moved.dropped, ElementsAre(job));
  EXPECT_THAT(moved.runnable, ElementsAre(job));
  EXPECT_EQ(house_.get(house_.store().runnable_jobs(std::vector{job})).at(0).priority, -3);
  house_.run_job(agent_, job);
  EXPECT_EQ(house_.error_of(house_.store().reprioritize_job({job, 1})), Errc::Conflict);
}

TEST_P(PersonOrders, DeleteAPipelineWithoutBuilds) {
  const PipelineId pipeline = house_.pipeline();
  const auto build = house_.create_build("steps: [{command: a}]");
  EXPECT_EQ(house_.error_of(house_.store().delete_pipeline(pipeline)), Errc::Conflict);
  house_.get(house_.store().cancel_build({build.build.id, "", house_.now()}));
  while (house_.get(house_.store().remove_expired({{build.build.id}})).more) continue;
  house_.get(house_.store().delete_pipeline(pipeline));
  EXPECT_EQ(house_.error_of(house_.store().pipeline(pipeline)), Errc::NotFound);
  EXPECT_EQ(house_.error_of(house_.store().delete_pipeline(pipeline)), Errc::NotFound);
}

TEST_P(PersonOrders, EndAnApiToken) {
  house_.get(house_.store().delete_api_token({house_.api().token}));
  EXPECT_EQ(house_.error_of(house_.store().delete_api_token({house_.api().token})), Errc::NotFound);
}

TEST_P(PersonOrders, ListTheConnectedAgentsOfAQueue) {
  const auto list = [&](AgentFilter filter) {
    return house_.get(house_.store().agents(std::move(filter), {})).items.size();
  };
  const OrganizationId organization = house_.api().organization;
  const auto queue = house_.get(house_.store().agent(agent_.id)).queue;
  EXPECT_EQ(list({.organization = organization, .queue = queue}), 1u);
  EXPECT_EQ(list({.organization = organization, .queue = QueueId::make()}), 0u);
  EXPECT_EQ(list({.organization = organization, .name = "two"}), 0u);
  house_.pass_awake(std::chrono::seconds(190));
  EXPECT_EQ(list({.organization = organization}), 0u) << "it is lost";
}

}  // namespace
}  // namespace ostler::store
