// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "store_suite.hpp"

namespace ostler::store {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class QueueSuite : public StoreSuite {
 protected:
  ClusterId cluster() { return house_.agent_token().cluster; }
  model::Queue create(const std::string& key, std::optional<std::chrono::seconds> lease = {}) {
    return house_.get(house_.store().create_queue({.cluster = cluster(),
                                                   .key = key,
                                                   .description = "about",
                                                   .lease = lease,
                                                   .by = house_.api().user.id,
                                                   .now = house_.now()}));
  }
  std::vector<std::string> keys() {
    std::vector<std::string> keys;
    for (const auto& queue : house_.get(house_.store().queues(house_.api().organization))) {
      keys.push_back(queue.key);
    }
    return keys;
  }
  QueueChange pause(const model::Queue& queue) {
    return house_.get(house_.store().pause_queue({.cluster = queue.cluster,
                                                  .queue = queue.id,
                                                  .note = "new machines",
                                                  .by = house_.api().user.id,
                                                  .now = house_.now()}));
  }
  std::string reason_of(const Result<void>& refused) {
    EXPECT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Errc::Conflict);
    return refused.error().message();
  }
  Result<void> remove(const model::Queue& queue) {
    return house_.call(house_.store().delete_queue({queue.cluster, queue.id, house_.now()}));
  }
};
class Queues : public QueueSuite {};
INSTANTIATE_TEST_SUITE_P(Store, Queues, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Queues, AreMadeWithWhatIsSaidOfThem) {
  const auto made = create("linux", 300s);
  EXPECT_EQ(made.key, "linux");
  EXPECT_EQ(made.cluster_name, "Default");
  EXPECT_EQ(made.description, "about");
  EXPECT_EQ(made.lease, 300s);
  EXPECT_EQ(made.created_by->id, house_.api().user.id);
  EXPECT_FALSE(made.is_default);
  EXPECT_FALSE(made.pause);
  EXPECT_EQ(keys(), (std::vector<std::string>{"default", "linux"}));
  EXPECT_EQ(house_.error_of(house_.store().create_queue(
                {.cluster = cluster(), .key = "linux", .by = house_.api().user.id})),
            Errc::Conflict);
  EXPECT_EQ(house_.error_of(house_.store().create_queue(
                {.cluster = ClusterId::make(), .key = "mac", .by = house_.api().user.id})),
            Errc::NotFound);
}

TEST_P(Queues, KeepWhatAChangeDoesNotName) {
  const auto made = create("linux", 300s);
  const auto changed = house_.get(
      house_.store().update_queue({.cluster = cluster(),
                                   .queue = made.id,
                                   .retry_affinity = model::RetryAffinity::PreferDifferent}));
  EXPECT_EQ(changed.description, "about");
  EXPECT_EQ(changed.lease, 300s);
  EXPECT_EQ(changed.retry_affinity, model::RetryAffinity::PreferDifferent);
  const auto emptied = house_.get(house_.store().update_queue(
      {.cluster = cluster(), .queue = made.id, .description = "", .lease = 0s}));
  EXPECT_EQ(emptied.description, "");
  EXPECT_FALSE(emptied.lease) << "the hub's own again";
  EXPECT_EQ(emptied.retry_affinity, model::RetryAffinity::PreferDifferent);
  EXPECT_EQ(house_.error_of(
                house_.store().update_queue({.cluster = ClusterId::make(), .queue = made.id})),
            Errc::NotFound);
}

TEST_P(Queues, TakeTheAgentsAndJobsThatNameThem) {
  const auto linux = create("linux");
  const auto agent = house_.connect_agent({"queue=linux"});
  EXPECT_EQ(house_.get(house_.store().agent(agent.id)).queue, linux.id);
  const auto build = house_.create_build("steps: [{command: a, agents: {queue: linux}}]");
  const auto jobs = house_.get(house_.store().runnable_jobs(build.follow_ups.runnable));
  ASSERT_EQ(jobs.size(), 1u);
  EXPECT_EQ(jobs[0].queue, linux.id);
}

TEST_P(Queues, GiveTheirLeaseToAgentsThatAreToldOfIt) {
  create("linux", 300s);
  RegisterAgent command{.holder = house_.agent_token(), .description = {}, .now = house_.now()};
  command.description.tags = {"queue=linux"};
  EXPECT_EQ(house_.get(house_.store().register_agent(command)).agent.lease, 300s);
  command.takes_lease_of_queue = false;
  command.lease = 210s;
  EXPECT_EQ(house_.get(house_.store().register_agent(command)).agent.lease, 210s);
  command.takes_lease_of_queue = true;
  command.description.tags = {};
  EXPECT_EQ(house_.get(house_.store().register_agent(command)).agent.lease, 210s)
      << "the default queue has none of its own";
}

TEST_P(Queues, LoseAJobWhenTheirLeaseHasPassed) {
  create("linux", 1000s);
  const auto agent = house_.connect_agent({"queue=linux"});
  const JobId job = house_.create_build("steps: [{command: a, agents: {queue: linux}}]")
                        .follow_ups.runnable.front();
  house_.accept(agent, job);
  house_.start(agent, job);
  house_.pass_awake(1000s);
  EXPECT_EQ(house_.get(house_.store().job_state(job)), model::JobState::Running);
  house_.pass_awake(60s);
  EXPECT_EQ(house_.get(house_.store().job_state(job)), model::JobState::Finished);
}

TEST_P(Queues, GiveNoJobAwayWhileTheyArePaused) {
  const auto linux = create("linux");
  const auto agent = house_.connect_agent({"queue=linux"});
  const auto other = house_.connect_agent({"queue=linux"}, "two");
  const auto build = house_.create_build(
      "steps: [{command: a, key: a, agents: {queue: linux}}, "
      "{command: b, key: b, agents: {queue: linux}}]");
  const JobId running = house_.job_of(build.build.id, "a").id;
  const JobId waiting = house_.job_of(build.build.id, "b").id;
  house_.accept(agent, running);
  const auto change = pause(linux);
  EXPECT_EQ(change.follow_ups.queues, std::vector{linux.id});
  ASSERT_TRUE(change.queue.pause);
  EXPECT_EQ(change.queue.pause->note, "new machines");
  EXPECT_EQ(change.queue.pause->since, house_.now());
  EXPECT_EQ(change.queue.pause->by->id, house_.api().user.id);
  EXPECT_EQ(house_.get(house_.store().paused_queues()), std::vector{linux.id});
  const auto refused =
      house_.call(house_.store().accept_job(house_.accept_command(other, waiting)));
  ASSERT_FALSE(refused);
  EXPECT_TRUE(is_of_paused_queue(refused.error()));
  house_.accept(agent, running);
  house_.start(agent, running);
  house_.finish(agent, running);
  const auto resumed = house_.get(house_.store().resume_queue({cluster(), linux.id}));
  EXPECT_EQ(resumed.follow_ups.queues, std::vector{linux.id});
  EXPECT_FALSE(resumed.queue.pause);
  EXPECT_TRUE(house_.get(house_.store().paused_queues()).empty());
  house_.accept(other, waiting);
}

TEST_P(Queues, ArePausedAndResumedOnce) {
  const auto linux = create("linux");
  const auto resumed = house_.call(house_.store().resume_queue({cluster(), linux.id}));
  EXPECT_EQ(resumed.error().message(), "Cluster queue is not paused");
  pause(linux);
  const auto paused =
      house_.call(house_.store().pause_queue({.cluster = cluster(), .queue = linux.id, .by = {}}));
  EXPECT_EQ(paused.error().code(), Errc::Conflict);
  EXPECT_EQ(paused.error().message(), "Cluster queue is already paused");
  house_.reopen();
  EXPECT_EQ(house_.get(house_.store().paused_queues()), std::vector{linux.id});
}

TEST_P(Queues, AreNotDeletedWhileSomebodyNeedsThem) {
  const auto linux = create("linux");
  const auto standard = house_.get(house_.store().queues(house_.api().organization)).front();
  EXPECT_THAT(reason_of(remove(standard)), HasSubstr("is its cluster's default"));
  const auto agent = house_.connect_agent({"queue=linux"});
  EXPECT_THAT(reason_of(remove(linux)), HasSubstr("agents are connected to the queue (1)"));
  const JobId job = house_.create_build("steps: [{command: a, agents: {queue: linux}}]")
                        .follow_ups.runnable.front();
  house_.run_job(agent, job);
  house_.create_build("steps: [{command: a, agents: {queue: linux}}]");
  house_.get(house_.store().disconnect_agent({agent.id, house_.now()}));
  EXPECT_THAT(reason_of(remove(linux)), HasSubstr("jobs of the queue are not over (1)"));
}

TEST_P(Queues, AreDeletedAlthoughALostAgentWasInThem) {
  const auto linux = create("linux");
  house_.connect_agent({"queue=linux"});
  house_.pass_awake(1h);
  EXPECT_TRUE(remove(linux));
}

TEST_P(Queues, LeaveTheirOldJobsBehindWhenTheyAreDeleted) {
  const auto linux = create("linux");
  const auto agent = house_.connect_agent({"queue=linux"});
  const auto build = house_.create_build("steps: [{command: a, agents: {queue: linux}}]");
  const JobId job = build.follow_ups.runnable.front();
  house_.run_job(agent, job);
  house_.get(house_.store().disconnect_agent({agent.id, house_.now()}));
  EXPECT_TRUE(remove(linux));
  EXPECT_EQ(keys(), std::vector<std::string>{"default"});
  EXPECT_FALSE(remove(linux));
  EXPECT_EQ(house_.get(house_.store().job(job)).queue, linux.id);
  EXPECT_EQ(house_.error_of(house_.store().authenticate(agent.token, house_.now())), Errc::Denied)
      << "it could come back to no queue";
  RegisterAgent command{.holder = house_.agent_token(), .description = {}, .now = house_.now()};
  command.description.tags = {"queue=linux"};
  const auto refused = house_.call(house_.store().register_agent(command));
  EXPECT_EQ(refused.error().code(), Errc::UserFault);
  EXPECT_THAT(refused.error().message(), HasSubstr("ostler queue create linux"));
  EXPECT_NE(create("linux").id, linux.id) << "the key is free again";
}

}  // namespace
}  // namespace ostler::store
