// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "store_suite.hpp"

namespace ostler::store {
namespace {

class NewestJobsSuite : public StoreSuite {
 protected:
  std::vector<std::string> commands(NewestJobs query) {
    std::vector<std::string> words;
    for (const auto& job : house_.get(house_.store().newest_jobs(std::move(query))).jobs) {
      words.push_back(job.step.command);
    }
    return words;
  }
  support::Worker agent_ = house_.connect_agent();
};
using NewestJobsOfAll = NewestJobsSuite;
INSTANTIATE_TEST_SUITE_P(Store, NewestJobsOfAll, testing::ValuesIn(store_kinds()), name_of);

using Words = std::vector<std::string>;

TEST_P(NewestJobsOfAll, AreThoseThatAgentsRunInAllBuilds) {
  house_.create_build("steps: [{command: a}, wait, {block: b}, {command: c}]");
  house_.create_build("steps: [{command: d}]");
  EXPECT_EQ(commands({}), (Words{"d", "c", "a"}));
}

TEST_P(NewestJobsOfAll, AreChosenByStateQueueAndRules) {
  const auto made = house_.create_build(
      "steps: [{command: a}, {command: b, agents: {os: linux, gpu: big}}, {command: c}]");
  house_.run_job(agent_, made.follow_ups.runnable.at(0));
  EXPECT_EQ(commands({.states = {model::JobState::Finished}}), (Words{"a"}));
  EXPECT_EQ(commands({.states = {model::JobState::Finished, model::JobState::Scheduled}}),
            (Words{"c", "b", "a"}));
  EXPECT_EQ(commands({.rules = {"gpu=big"}}), (Words{"b"}));
  EXPECT_EQ(commands({.rules = {"gpu=big", "os=mac"}}), Words());
  const QueueId queue = house_.get(house_.store().agent(agent_.id)).queue;
  EXPECT_EQ(commands({.queues = {queue}}), (Words{"c", "b", "a"}));
  EXPECT_EQ(commands({.queues = {queue, QueueId::make()}}), (Words{"c", "b", "a"}));
  EXPECT_EQ(commands({.queues = {QueueId::make()}}), Words());
  EXPECT_EQ(commands({.queues = {queue}, .states = {model::JobState::Finished}}), (Words{"a"}));
  EXPECT_EQ(commands({.queues = {queue, queue},
                      .states = {model::JobState::Scheduled, model::JobState::Finished}}),
            (Words{"c", "b", "a"}));
}

TEST_P(NewestJobsOfAll, AreChosenByMoreQueuesThanAreWalkedSideBySide) {
  house_.create_build("steps: [{command: a}, {command: b}]");
  NewestJobs query{.states = {model::JobState::Scheduled, model::JobState::Finished}};
  query.queues = {house_.get(house_.store().agent(agent_.id)).queue};
  for (int i = 0; i < 40; ++i) query.queues.push_back(QueueId::make());
  EXPECT_EQ(commands(query), (Words{"b", "a"}));
  query.queues.erase(query.queues.begin());
  EXPECT_EQ(commands(query), Words());
}

TEST_P(NewestJobsOfAll, ComePageByPage) {
  std::string yaml = "steps:\n";
  for (int i = 0; i < 7; ++i) yaml += "  - command: c" + std::to_string(i) + "\n";
  house_.create_build(yaml);
  const QueueId queue = house_.get(house_.store().agent(agent_.id)).queue;
  using States = std::vector<model::JobState>;
  const std::pair<std::vector<QueueId>, States> filters[] = {
      {{}, {}},
      {{queue}, {}},
      {{}, {model::JobState::Scheduled, model::JobState::Running}},
      {{queue}, {model::JobState::Scheduled, model::JobState::Running}}};
  for (const auto& [queues, states] : filters) {
    Words all;
    std::optional<JobId> next;
    int pages = 0;
    do {
      const auto slice = house_.get(house_.store().newest_jobs(
          {.queues = queues, .states = states, .before = next, .limit = 3}));
      for (const auto& job : slice.jobs) all.push_back(job.step.command);
      next = slice.next;
      ++pages;
    } while (next);
    EXPECT_EQ(pages, 3);
    EXPECT_EQ(all, (Words{"c6", "c5", "c4", "c3", "c2", "c1", "c0"}));
  }
}

}  // namespace
}  // namespace ostler::store
